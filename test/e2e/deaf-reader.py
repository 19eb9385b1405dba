"""Runs a command whose output goes to a terminal or a pipe that can stop being read.

Usage: deaf-reader.py pty|pipe COMMAND...    Its input is what is typed. SIGUSR1: reads no more. SIGUSR2: reads again. SIGTERM goes to the command.
"""
import os, pty, select, signal, sys

kind, *command = sys.argv[1:]
is_reading = True
if kind == 'pty':
    child, output = pty.fork()
    keyboard = output
else:
    output, writer = os.pipe()
    reader, keyboard = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(reader, 0)
        os.dup2(writer, 1)
        for descriptor in (output, writer, reader, keyboard):
            os.close(descriptor)
    else:
        os.close(writer)
        os.close(reader)
if child == 0:
    os.execvp(command[0], command)


def listen(is_on):
    global is_reading
    is_reading = is_on


signal.signal(signal.SIGUSR1, lambda *_: listen(False))
signal.signal(signal.SIGUSR2, lambda *_: listen(True))
signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
status = None
while True:
    sources = ([0] if status is None else []) + ([output] if is_reading else [])
    ready, _, _ = select.select(sources, [], [], 0.02)
    try:
        if output in ready:
            text = os.read(output, 65536)
            if text == b'':
                break
            os.write(1, text)
        if 0 in ready:
            typed = os.read(0, 512)
            if typed != b'':
                os.write(keyboard, typed)
    except OSError:
        break
    if status is None:
        done, code = os.waitpid(child, os.WNOHANG)
        if done:
            status = code
    elif not ready:
        break
if status is None:
    _, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
