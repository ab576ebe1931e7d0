"""Mails that come back, in the form in which mail servers write them."""

OURS = "<0190a1b2-0000-7000-8000-000000000001@house.example>"


def report(*groups: str, original: str = f"Message-ID: {OURS}\nSubject: x", kind: str = "rfc822") -> bytes:
    """Return a delivery report in the form Postfix writes it."""
    told = "\n\n".join(("Reporting-MTA: dns; relay.house.example", *groups))
    returned = {
        "rfc822": f"Content-Type: message/rfc822\n\n{original}\n\nbody",
        "headers": f"Content-Type: text/rfc822-headers\n\n{original}\n",
    }[kind]
    return f"""From: MAILER-DAEMON@relay.house.example
To: retornos@house.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry.
--B
Content-Type: message/delivery-status

{told}
--B
{returned}
--B--
""".encode()


def group(status: str, *, action: str = "failed", recipient: str = "rfc822; maria@example.com") -> str:
    return f"Final-Recipient: {recipient}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 x"
