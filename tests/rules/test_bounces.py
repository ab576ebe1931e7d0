"""What a mail that came back says: which of ours, to whom, and whether the address is the trouble."""

import pytest

from contacts.rules.bounces import Bounce, bounces_in
from tests.factories.bounces import OURS, group, report


@pytest.mark.parametrize("kind", ["rfc822", "headers"])
def test_a_returned_mail_names_ours_and_its_recipient(kind):
    (found,) = bounces_in(report(group("5.1.1"), kind=kind))

    assert found == Bounce(message_id=OURS, recipient="maria@example.com", status="5.1.1")


def test_each_recipient_is_told_once():
    both = report(group("5.1.1"), group("5.1.1"), group("5.2.2", recipient="rfc822;<Joao@Example.com>"))

    assert [(each.recipient, each.status) for each in bounces_in(both)] == [
        ("maria@example.com", "5.1.1"),
        ("joao@example.com", "5.2.2"),
    ]


def test_the_address_we_wrote_to_counts_more_than_the_one_it_was_sent_on_to():
    forwarded = "Original-Recipient: rfc822; maria@example.com\n" + group(
        "5.1.1", recipient="rfc822; m@elsewhere.example"
    )

    assert [each.recipient for each in bounces_in(report(forwarded))] == ["maria@example.com"]


@pytest.mark.parametrize(
    "group_of_no_failure",
    [
        group("4.4.1", action="delayed"),
        group("2.0.0", action="delivered"),
        group("5.1.1", action="delayed"),
        group("4.2.2"),
        group("", action="failed"),
        group("5.1.1", recipient="rfc822; nobody"),
    ],
)
def test_what_is_no_final_failure_is_none(group_of_no_failure):
    assert bounces_in(report(group_of_no_failure)) == ()


@pytest.mark.parametrize(
    ("status", "is_bad"),
    [
        ("5.1.1", True), ("5.1.0", True), ("5.1.2", True), ("5.1.3", True), ("5.1.6", True), ("5.1.10", True),
        ("5.2.1", True), ("5.4.4", True),
        ("5.1.7", False), ("5.1.8", False), ("5.2.2", False), ("5.2.3", False), ("5.3.4", False),
        ("5.7.1", False), ("5.0.0", False), ("5.4.14", False), ("complaint", False),
    ],
)  # fmt: skip
def test_only_some_codes_say_that_the_address_is_the_trouble(status, is_bad):
    assert Bounce(message_id=OURS, recipient="x@y.example", status=status).is_bad_address is is_bad


def test_a_complaint_is_a_wish_to_be_left_alone():
    complaint = f"""From: fbl@provider.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is a report.
--B
Content-Type: message/feedback-report

Feedback-Type: abuse
Original-Rcpt-To: <maria@example.com>
--B
Content-Type: message/rfc822

Message-ID: {OURS}

x
--B--
""".encode()

    (found,) = bounces_in(complaint)

    assert (found.recipient, found.is_complaint, found.is_bad_address) == ("maria@example.com", True, False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe not a mail",
        b"Subject: out of office\n\nI am away.",
        report(group("5.1.1"), original="Subject: without an id"),
        report(group("5.1.1")).replace(b"multipart/report", b"multipart/mixed"),
        report(group("5.1.1")).replace(b"--B--", b""),
        report(group("5.1.1"))[:200],
    ],
)
def test_any_other_mail_tells_nothing_or_what_it_says_and_never_fails(raw):
    assert all(each.message_id == OURS for each in bounces_in(raw))


def test_a_mail_of_very_many_parts_is_read_to_a_point_only():
    part = "--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n" + group("5.1.1") + "\n"
    head = 'Content-Type: multipart/report; boundary="B"\n\n'

    assert bounces_in((head + part * 5_000).encode()) == ()  # the returned mail was never reached
