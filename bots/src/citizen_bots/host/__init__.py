"""Where conversations live between messages: inbox, state and outbox in Valkey, and the work that empties them.

A message is kept before it is worked, and worked in its citizen's order by one process at a time. State and replies
are committed in one step together with the message's removal, so a process that is killed between any two of these
leaves either the message as it was or its whole effect. Replies wait in the outbox until the platform took them.
"""
