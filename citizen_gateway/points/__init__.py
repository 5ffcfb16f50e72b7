"""Volunteers (志愿服务): a ledger of points, the tasks that earn them, and the rewards they buy."""
