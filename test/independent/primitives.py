"""What all checks share: texts and hashes, Ed25519, trees, and the forms of JSON (SPEC 2, 3, 4)."""
import contextlib, datetime, functools, hashlib, json, re

class Broken(Exception): """A rule that something breaks."""
def need(holds, rule):
    if not holds: raise Broken(rule)
@contextlib.contextmanager
def under(rule):  # whatever is wrong inside breaks this rule
    try: yield
    except Broken: raise Broken(rule) from None
    except (KeyError, TypeError, AttributeError, IndexError) as fault: raise Broken(f"{rule} ({fault!r})") from None

def T(tag, *parts): return json.dumps(["sortition/2/" + tag, *parts], separators=(",", ":")).encode()
def H(tag, *parts): return hashlib.sha256(T(tag, *parts)).hexdigest()

# Ed25519 (RFC 8032, 5.1) on points (X, Y, Z, T): slow, and no more than is needed to verify
P, L, D = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, -121665 * pow(121666, -1, 2**255 - 19)
def add(a, b):
    A, B, C, E = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0]), 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P
def times(point, scalar):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1: result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result
def encode(point): return (point[1] * pow(point[2], -1, P) % P | (point[0] * pow(point[2], -1, P) % P & 1) << 255).to_bytes(32, "little")
def decode(data):  # None where it is no canonical encoding of a point
    y, sign = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P: x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or x == 0 and sign: return None
    return (x, y, 1, x * y % P) if x & 1 == sign else (P - x, y, 1, (P - x) * y % P)
BASE = decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
@functools.lru_cache(4096)  # chains that are checked one after the other often begin alike
def signed(key, text, signature):  # A and R canonical and not of small order, S < L, R = encode(S*B - k*A)
    A, R, S = decode(bytes.fromhex(key)), decode(bytes.fromhex(signature[:64])), int.from_bytes(bytes.fromhex(signature[64:]), "little")
    if A is None or R is None or S >= L or any(encode(times(point, 8)) == encode((0, 1, 1, 0)) for point in (A, R)): return False
    k = int.from_bytes(hashlib.sha512(bytes.fromhex(signature[:64] + key) + text).digest(), "little") % L
    return encode(add(times(BASE, S), times((P - A[0], A[1], 1, P - A[3]), k))).hex() == signature[:64]

def left_of(leaves):  # the largest power of two below
    need(leaves > 1, "path")
    return 1 << (leaves - 1).bit_length() - 1
def tree(leaves):  # the root, and the sum of all tokens
    if len(leaves) < 2: return leaves[0] if leaves else ("", 0)
    (left, a), (right, b) = tree(leaves[:left_of(len(leaves))]), tree(leaves[left_of(len(leaves)):])
    return H("node", left, str(a), right, str(b)), a + b
def place_of(path, leaves):  # of the leaf whose path has these sides; a sibling must stand where a tree of so many leaves has one
    place = 0
    for step in reversed(path):  # down from the root
        left = left_of(leaves)
        place, leaves = (place + left, leaves - left) if step["Side"] == "left" else (place, left)
    need(leaves == 1, "path")
    return place
def climb(node, tokens, path):  # from a leaf to the root
    for step in path:
        there, here = [step["Hash"], step["Stake"]], [node, str(tokens)]
        node, tokens = H("node", *(there + here if step["Side"] == "left" else here + there)), tokens + int(step["Stake"])
    return node, tokens

HASH, SIGNATURE, AMOUNT, TIME = "[0-9a-f]{64}", "[0-9a-f]{128}", "[1-9][0-9]{0,76}", r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z"
SOME = "0|" + AMOUNT  # an amount that may be 0
def form(value, **forms):  # these keys, in this order; each a pattern to match, or the type of a value; whole numbers are from 0 to 2^53 - 1
    need(type(value) is dict and list(value) == list(forms), "form")
    for key, f in forms.items():
        if isinstance(f, str): need(type(value[key]) is str and re.fullmatch(f, value[key], re.A), "form")
        else: need(type(value[key]) is f and (f is not int or 0 <= value[key] < 2**53), "form")
def day(time):  # the calendar has it; that of year 0 is that of year 400
    try: return datetime.date(int(time[:4]) or 400, int(time[5:7]), int(time[8:10]))
    except ValueError: need(False, "form")
def milliseconds(time):  # of Unix time; years of the calendar's cycle of 400 begin with 0, Python's with 1
    hours, minutes, seconds, rest = map(int, re.split("[:.]", time[11:23]))
    days = (day(time) - datetime.date(1970, 1, 1)).days - (146097 if time.startswith("0000") else 0)
    return ((days * 24 + hours) * 60 + minutes) * 60000 + seconds * 1000 + rest

TWICE = object()
def once(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else TWICE  # a key twice means one thing to one reader, another to the next
def plain(value): return value is not TWICE and all(map(plain, value.values() if type(value) is dict else value if type(value) is list else ()))
def read(text):  # the one text of a value has no escapes but those of " and \; another one becomes a character that nothing accepts
    text = re.sub(r"\\(.)", lambda escape: escape[0] if escape[1] in '"\\' else "\ufffd", text, flags=re.S)
    return json.loads(text, object_pairs_hook=once, parse_int=lambda digits: int(digits) if digits != "-0" else 0.0)
