"""Verifies a chain, and its pools where they are given: python3 verify.py < chain.json, or with a line for each block (ndjson)."""
import datetime, hashlib, json, re, sys

def need(holds, rule):
    if not holds: sys.exit(f"block {index} does not hold: {rule}")
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
def signed(key, text, signature):  # A and R canonical and not of small order, S < L, R = encode(S*B - k*A)
    A, R, S = decode(bytes.fromhex(key)), decode(bytes.fromhex(signature[:64])), int.from_bytes(bytes.fromhex(signature[64:]), "little")
    if A is None or R is None or S >= L or any(encode(times(point, 8)) == encode((0, 1, 1, 0)) for point in (A, R)): return False
    k = int.from_bytes(hashlib.sha512(bytes.fromhex(signature[:64] + key) + text).digest(), "little") % L
    return encode(add(times(BASE, S), times((P - A[0], A[1], 1, P - A[3]), k))).hex() == signature[:64]

def left_of(leaves): return 1 << (leaves - 1).bit_length() - 1 if leaves > 1 else need(False, "path")  # the largest power of two below
def tree(leaves):
    if len(leaves) == 1: return leaves[0]
    (left, a), (right, b) = tree(leaves[:left_of(len(leaves))]), tree(leaves[left_of(len(leaves)):])
    return H("node", left, str(a), right, str(b)), a + b
def form(value, **forms):  # these keys, in this order; each a pattern to match, or the type of a number
    need(list(value) == list(forms) and all(re.fullmatch(f, value[k], re.A) if isinstance(f, str) else type(value[k]) is f for k, f in forms.items()), "form")
def once(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else TWICE  # a key twice means one thing to one reader, another to the next
def plain(value): return value is not TWICE and all(map(plain, value.values() if type(value) is dict else value if type(value) is list else ()))
def read(text): return json.loads(text.replace("\\", "\\\\"), object_pairs_hook=once, parse_int=lambda digits: int(digits) if digits != "-0" else 0.0)
TWICE, HASH, AMOUNT, TIME = object(), "[0-9a-f]{64}", "[1-9][0-9]{0,76}", r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z"
def day(time):  # the calendar has it; that of year 0 is that of year 400
    try: return datetime.date(int(time[:4]) or 400, int(time[5:7]), int(time[8:10]))
    except ValueError: need(False, "form")

def check_genesis(block):
    genesis = block["Genesis"]
    if genesis.get("Version") == 1: sys.exit("this chain was begun by an unreleased version")
    form(block, Index=int, Timestamp=TIME, BPM=int, Hash=HASH, PrevHash="", Validator="", Genesis=dict)
    form(genesis, Version=int, Consensus=dict, Authority=HASH, **({"Beacons": list} if "Beacons" in genesis else {}))
    form(genesis["Consensus"], Kind="lottery", Salt=HASH, Commitment=HASH, Links=int)
    need((block["Index"], block["BPM"], genesis["Version"]) == (0, 0, 2) and 1 <= genesis["Consensus"]["Links"] < 2**53 and day(block["Timestamp"]), "form")
    for beacon in genesis.get("Beacons", ()):
        form(beacon, Name="[a-z0-9-]{1,32}", ChainHash=HASH, PublicKey="[0-9a-f]{192}", GenesisTime=int, Period=int)
        need(0 <= beacon["GenesisTime"] < 2**53 and 1 <= beacon["Period"] < 2**53, "form")
    names = [beacon[key] for beacon in genesis.get("Beacons", ()) for key in ("Name", "ChainHash")]
    need(genesis.get("Beacons") != [] and len(set(names)) == len(names), "form")
    need(block["Hash"] == H("genesis", block["Timestamp"], genesis), "hash")

def check(block, pool, tip, first_block):
    genesis, draw, validator, bpm = first_block["Genesis"]["Consensus"], block["Draw"], block["Validator"], block["BPM"]
    next_commitment = {"NextCommitment": HASH} if "NextCommitment" in block else {}
    form(block, Index=int, Timestamp=TIME, BPM=int, Hash=HASH, PrevHash=HASH, Validator=HASH, Draw=dict, **next_commitment, Signature="[0-9a-f]{128}")
    beacons = first_block["Genesis"].get("Beacons", [])
    form(draw, Reveal=HASH, **({"Sealed": TIME, "Beacons": list} if beacons else {}), PoolRoot=HASH, PoolSize=int, TotalStake="0|" + AMOUNT, Ticket="0|" + AMOUNT, Stake=AMOUNT, Path=list)
    for step in draw["Path"]: form(step, Side="left|right", Hash=HASH, Stake=AMOUNT)
    for spoken in draw.get("Beacons", ()): form(spoken, Round=int, Signature="[0-9a-f]{96}")
    need(len(draw.get("Beacons", ())) == len(beacons) and all(0 <= spoken["Round"] < 2**53 for spoken in draw.get("Beacons", ())), "form")
    need(not beacons or day(draw["Sealed"]), "form")
    need(day(block["Timestamp"]) and 0 <= bpm < 2**31 and 1 <= block["Index"] < 2**53 and 1 <= draw["PoolSize"] < 2**53, "form")
    need(block["Index"] == index, "index")
    need(block["PrevHash"] == tip["Hash"], "prev-hash")
    need(block["Hash"] == H("block", {key: value for key, value in block.items() if key not in ("Hash", "Signature")}), "hash")
    need(signed(first_block["Genesis"]["Authority"], T("authority", first_block["Hash"], index, block["Hash"]), block["Signature"]), "signature")
    link = tip.get("NextCommitment") or (tip["Draw"]["Reveal"] if index > 1 else genesis["Commitment"])
    need(H("link", genesis["Salt"], index, draw["Reveal"]) == link, "link")
    if beacons: check_beacons(block, tip, beacons)
    signatures = [spoken["Signature"] for spoken in draw.get("Beacons", ())]
    total, stake, attempt, seed = int(draw["TotalStake"]), int(draw["Stake"]), 0, H("seed", first_block["Hash"], index, draw["Reveal"], *signatures)
    need(total > 0, "ticket")
    while (ticket := int(H("ticket", seed, attempt), 16) % (1 << (total - 1).bit_length())) >= total: attempt += 1
    need(draw["Ticket"] == str(ticket), "ticket")
    node, tokens, first, leaves = H("leaf", validator, draw["Stake"], bpm), stake, 0, draw["PoolSize"]
    for step in reversed(draw["Path"]):  # down from the root: a sibling must stand where this tree has one
        leaves = left_of(leaves) if step["Side"] == "right" else leaves - left_of(leaves)
    need(leaves == 1, "path")
    for step in draw["Path"]:
        there, here = [step["Hash"], step["Stake"]], [node, str(tokens)]
        node, tokens = H("node", *(there + here if step["Side"] == "left" else here + there)), tokens + int(step["Stake"])
        first += int(step["Stake"]) if step["Side"] == "left" else 0
    need((node, tokens) == (draw["PoolRoot"], total), "path")
    if pool is not None: check_pool(pool, draw, total)
    need(first <= ticket < first + stake, "winner")
    need(block["Timestamp"] >= tip["Timestamp"], "timestamp")
    need(bool(next_commitment) == (index % genesis["Links"] == 0), "next-commitment")

def milliseconds(time):  # of Unix time; years of the calendar's cycle of 400 begin with 0, Python's with 1
    hours, minutes, seconds, rest = map(int, re.split("[:.]", time[11:23]))
    days = (day(time) - datetime.date(1970, 1, 1)).days - (146097 if time.startswith("0000") else 0)
    return ((days * 24 + hours) * 60 + minutes) * 60000 + seconds * 1000 + rest
def check_beacons(block, tip, beacons):  # all of the rule but the pairing: BLS12-381 is too much for a short script
    draw = block["Draw"]
    need(draw["Sealed"] >= tip["Timestamp"], "beacon")
    for place, (beacon, spoken) in enumerate(zip(beacons, draw["Beacons"])):
        since, period = milliseconds(draw["Sealed"]) + 3000 - beacon["GenesisTime"] * 1000, beacon["Period"] * 1000
        need(spoken["Round"] == -(-since // period) + 1 and spoken["Round"] >= 1, "beacon")
        need(index == 1 or spoken["Round"] > tip["Draw"]["Beacons"][place]["Round"], "beacon")
        need(milliseconds(block["Timestamp"]) >= (beacon["GenesisTime"] + (spoken["Round"] - 1) * beacon["Period"]) * 1000, "beacon")

def check_pool(pool, draw, total):
    need(isinstance(pool, list) and all(type(c) is dict and list(c) == ["Validator", "Stake", "BPM"] and type(c["Validator"]) is type(c["Stake"]) is str and re.fullmatch(HASH, c["Validator"]) and re.fullmatch(AMOUNT, c["Stake"]) and type(c["BPM"]) is int and 0 <= c["BPM"] < 2**31 for c in pool), "path (the pool's form)")
    addresses = [candidate["Validator"] for candidate in pool]
    need(addresses == sorted(set(addresses)) and len(pool) == draw["PoolSize"], "path (the pool's candidates)")
    need(tree([(H("leaf", c["Validator"], c["Stake"], c["BPM"]), int(c["Stake"])) for c in pool]) == (draw["PoolRoot"], total), "path (the pool's root)")

data, index, pools = sys.stdin.buffer.read(), 0, 0
text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig").strip()
need(text != "", "there is none")
try: entries = read(text) if text.startswith("[") else [read(line) for line in text.splitlines() if line.strip() != ""]
except ValueError as fault: sys.exit(f"this is no chain: {fault}")
for index, entry in enumerate(entries if entries else [None]):
    need(type(entry) is dict and plain(entry), "form")
    need("Block" not in entry or list(entry) in (["Block"], ["Block", "Pool"]), "form")
    block, pool = (entry["Block"], entry.get("Pool")) if "Block" in entry else (entry, None)
    try: check(block, pool, tip, first_block) if index > 0 else check_genesis(first_block := block)
    except (KeyError, TypeError, AttributeError) as fault: need(False, f"form ({fault!r})")
    need("Block" not in entry or pool is not None, "path (no pool)")
    need(index > 0 or pool is None or pool == [], "path (the genesis has a pool)")
    tip, pools = block, pools + (index > 0 and pool is not None)
rounds = index * len(first_block["Genesis"].get("Beacons", []))
skipped = f"; skipped: {rounds} signatures of beacons, whose BLS12-381 this script does not know" if rounds else ""
print(f"{index + 1} blocks hold, and {pools} pools{skipped}")
