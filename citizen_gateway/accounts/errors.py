"""What can go wrong with who somebody is."""

from citizen_gateway.kernel.errors import Problem


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
