"""The hours of a day as they are typed, read and judged at once."""

from contacts.rules import policy_json, week_text


def typed_windows(text: str) -> list[list[str]]:
    """Return the windows of a day as the policy keeps them. Raises MalformedError."""
    windows = week_text.read_day(text)
    for start, end in windows:
        policy_json.read_window(start, end)
    return windows
