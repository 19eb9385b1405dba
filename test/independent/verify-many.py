"""Runs verify.py, whose path is its argument, once for every line of its input (base64), and answers each with a line of JSON."""
import base64, contextlib, io, json, sys

script = compile(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1], "exec")
for line in sys.stdin.buffer.read().splitlines():
    printed = io.StringIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO(base64.b64decode(line)))
    with contextlib.redirect_stdout(printed):
        try: exec(script, {})
        except SystemExit as refusal: print(refusal)
    sys.__stdout__.write(json.dumps(printed.getvalue()) + "\n")
