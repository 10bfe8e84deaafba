"""Works a console in a real window through AT-SPI alone, as a screen reader does. Debian's python3 runs it (pyatspi).

It sees names, roles and states, and nothing of the program. A line it writes asks for what the line would do; it goes
on when a line comes back. The last line is `a whole call, by name and role alone`.
"""

import sys
import time

import pyatspi
from gi.repository import GLib

PATIENCE_SECONDS = 30.0
BUTTONS = (pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_TOGGLE_BUTTON, pyatspi.ROLE_CHECK_BOX)
TEXTS = (pyatspi.ROLE_TEXT, pyatspi.ROLE_PASSWORD_TEXT, pyatspi.ROLE_ENTRY)
heard = []


class NotThere(Exception):
    """Nothing of that name and role is there."""


def pump(seconds=0.05):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not GLib.MainContext.default().iteration(False):
            time.sleep(0.005)


def wait(happened, what):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = happened()
        if found:
            return found
        pump()
    raise NotThere(what)


def shows(accessible):
    states = accessible.getState()
    return states.contains(pyatspi.STATE_VISIBLE) and states.contains(pyatspi.STATE_ENABLED)


def walk(accessible):
    yield accessible
    for index in range(accessible.childCount):
        child = accessible.getChildAtIndex(index)
        if child is not None:
            yield from walk(child)


def console():
    desktop = pyatspi.Registry.getDesktop(0)
    for index in range(desktop.childCount):
        app = desktop.getChildAtIndex(index)
        if app is not None and app.name == "candour-console" and app.childCount:
            return app
    return None


def find(app, name, roles):
    def look():
        for accessible in walk(app):
            try:
                if accessible.name == name and accessible.getRole() in roles and shows(accessible):
                    return accessible
            except (LookupError, GLib.Error):
                continue  # it went away while it was looked at
        return None

    return wait(look, name)


def press(app, name):
    find(app, name, BUTTONS).queryAction().doAction(0)
    pump()


def write(app, name, words):
    find(app, name, TEXTS).queryEditableText().setTextContents(words)
    pump()


def ask(what):
    sys.stdout.write(what + "\n")
    sys.stdout.flush()
    return sys.stdin.readline().strip()


def main(name, passphrase, question):
    pyatspi.Registry.registerEventListener(lambda event: heard.append(str(event.any_data)), "object:announcement")
    app = wait(console, "the console")
    write(app, "Name", name)
    write(app, "Passphrase", passphrase)
    press(app, "Sign in with this name and passphrase")
    press(app, "Be available for calls")
    ask("waits")
    press(app, "Answer the call that is offered")
    wait(lambda: ask("rings?") == "yes", "the telephone rings")
    ask("answered")
    write(app, question, "written through a screen reader's own way in")
    wait(lambda: ask("saved?") == "yes", "the report saved")
    ask("leaves")
    wait(lambda: ask("ended?") == "yes", "the call ended")
    press(app, "Outcome: Silent")
    wait(lambda: ask("finished?") == "yes", "the call finished")
    unnamed = [
        accessible.getRoleName()
        for accessible in walk(app)
        if accessible.getState().contains(pyatspi.STATE_FOCUSABLE)
        and shows(accessible)
        and shows(accessible.parent)
        and not accessible.name
    ]
    ask("unnamed " + (", ".join(sorted(set(unnamed))) or "none"))
    for words in heard:
        ask("heard " + words)
    ask("a whole call, by name and role alone")


if __name__ == "__main__":
    main(*sys.argv[1:4])
