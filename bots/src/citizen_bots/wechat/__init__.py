"""WeChat: an official account's callbacks, its API, and the login of a mini-program."""
