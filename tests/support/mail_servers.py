"""Real mail servers on loopback: aiosmtpd, which takes what we send, and dovecot, which keeps a mailbox of ours."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.support.certificates import Pair

USER, PASSWORD = "outbox", "a-password-of-these-tests"


class Postmaster:
    """What the mail server was given; ``refusal`` is its answer to a recipient, in place of taking the message."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.refusal: str | None = None

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        if self.refusal is not None:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        self.taken.append(envelope.content)
        return "250 OK"


def _knows(_server, _session, _envelope, _mechanism, given) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


@contextmanager
def smtp_server(postmaster: Postmaster, tls: ssl.SSLContext) -> Iterator[int]:
    """The port of a server that wants TLS from the first byte, and a password."""
    controller = Controller(
        postmaster, hostname="127.0.0.1", port=free_port(), ssl_context=tls, authenticator=_knows,
        auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def has_dovecot() -> bool:
    return _dovecot() is not None


def _dovecot() -> str | None:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail
first_valid_uid = 0
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
"""


class Mailbox:
    """Messages are put into it as a mail server would."""

    def __init__(self, folder: Path) -> None:
        self._new = folder / "mail" / "new"
        self._tmp = folder / "mail" / "tmp"
        for part in (self._new, self._tmp, folder / "mail" / "cur"):
            part.mkdir(parents=True)

    def receives(self, sender: str, *attachments: tuple[str, bytes]) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "outbox@candour.example.test", "Answers"
        message.set_content("Attached.")
        for name, content in attachments:
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
        name = f"{len(list(self._new.iterdir()))}.message"
        (self._tmp / name).write_bytes(bytes(message))
        (self._tmp / name).rename(self._new / name)


@contextmanager
def imap_server(folder: Path, pair: Pair) -> Iterator[tuple[int, Mailbox]]:
    """The port of a dovecot that speaks TLS, and its one mailbox."""
    program = _dovecot()
    assert program is not None
    folder.mkdir()
    mailbox, port = Mailbox(folder), free_port()
    me = pwd.getpwuid(os.getuid()).pw_name
    root = os.getuid() == 0
    reader = pwd.getpwnam("dovecot") if root else pwd.getpwuid(os.getuid())  # never root
    for part in (folder.parent, folder):
        part.chmod(0o755)
    for part in (folder / "mail", *(folder / "mail").iterdir()):
        os.chown(part, reader.pw_uid, reader.pw_gid)
    settings = _SETTINGS.format(
        folder=folder, port=port, certificate=pair.certificate, key=pair.key, password=PASSWORD, uid=reader.pw_uid,
        gid=reader.pw_gid, internal="dovecot" if root else me, login="dovenull" if root else me,
        group="dovecot" if root else grp.getgrgid(os.getgid()).gr_name,
    )  # fmt: skip
    (folder / "dovecot.conf").write_text(settings, encoding="utf-8")
    server = subprocess.Popen([program, "-F", "-c", folder / "dovecot.conf"], stderr=subprocess.DEVNULL)
    try:
        _wait_until_up(port)
        yield port, mailbox
    finally:
        server.terminate()
        server.wait(10)


def _wait_until_up(port: int) -> None:
    pause = threading.Event()
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            pause.wait(0.05)
    raise AssertionError("dovecot did not start")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
