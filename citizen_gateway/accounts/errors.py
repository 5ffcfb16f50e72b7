"""What can go wrong with who somebody is."""

from citizen_gateway.kernel.errors import Problem, Unauthenticated


class DevelopmentLoginOff(Problem):
    """A sign-in without proof, where only development may have it."""

    status = 403
    code = "development_login_off"
    title = "Signing in without proof is off here"
    detail = "This gateway runs for real citizens; sign in through your channel."


class UnknownLogin(Problem):
    """No such member of staff, or one who left."""

    status = 401
    code = "unknown_login"
    title = "This login is not known"
    detail = "There is no active member of staff with this login."


class ScopeMissing(Problem):
    """A partner's key that does not open this."""

    status = 403
    code = "scope_missing"
    title = "This key does not open that"
    detail = "The key needs the scope {scope}."
    shown = ("scope",)


class RoleMissing(Problem):
    """A caller without the role this needs."""

    status = 403
    code = "role_missing"
    title = "You may not do this"
    detail = "This needs one of the roles: {roles}."


class KeyExpired(Unauthenticated):
    """A key or access token whose time is over."""

    code = "key_expired"
    title = "This key has ended"
    detail = "The time of this key or token is over. Use the client's new key, or ask for a new token."


class KeyRevoked(Unauthenticated):
    """A key or access token that was ended before its time."""

    code = "key_revoked"
    title = "This key was revoked"
    detail = "This key or token was revoked. An administrator of the gateway makes new ones."


class MalformedKey(Unauthenticated):
    """A key of which a part is missing, or that has something besides."""

    code = "malformed_key"
    title = "This key is not whole"
    detail = "A key has {length} signs. Compare yours with the one you were given."


class AddressNotAllowed(Problem):
    """A client that calls from where it may not."""

    status = 403
    code = "address_not_allowed"
    title = "This key may not be used from here"
    detail = "The client is limited to certain addresses, and this call came from another."


class TooManyKeys(Problem):
    """A client that has as many valid keys as one may have."""

    status = 409
    code = "too_many_keys"
    title = "This client has as many keys as one may have"
    detail = "A client may have {most} valid keys. Revoke one first."


class BadNetwork(Problem):
    """What is no address and no network."""

    status = 422
    code = "bad_network"
    title = "This is no network"
    detail = "{network} is neither an address nor a network such as 203.0.113.0/24."
    shown = ("network",)


class NameTaken(Problem):
    """A client's name or a login that exists already."""

    status = 409
    code = "name_taken"
    title = "This name is taken"
    detail = "{name} exists already; choose another name."


class SignInRefused(Problem):
    """A login and a password that do not belong together; which of them is wrong is not told."""

    status = 401
    code = "sign_in_refused"
    title = "Login or password is wrong"
    detail = "There is no active member of staff with this login and this password."


class GrantForeign(Problem):
    """An administrator who gives or takes a right beyond their own department or area."""

    status = 403
    code = "grant_foreign"
    title = "This right is not yours to give or take"
    detail = "An administrator of a department or an area gives and takes rights within it alone."
