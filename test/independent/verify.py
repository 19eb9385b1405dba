"""Verifies a chain, and its pools where they are given: python3 verify.py < chain.json, or with a line for each block (ndjson)."""
import hashlib, json, re, sys

def need(holds, rule):
    if not holds: sys.exit(f"block {index} does not hold: {rule}")
def H(tag, *parts): return hashlib.sha256(json.dumps(["sortition/1/" + tag, *parts], separators=(",", ":")).encode()).hexdigest()
def left_of(leaves): return 1 << (leaves - 1).bit_length() - 1 if leaves > 1 else need(False, "path")  # the largest power of two below
def tree(leaves):
    if len(leaves) == 1: return leaves[0]
    (left, a), (right, b) = tree(leaves[:left_of(len(leaves))]), tree(leaves[left_of(len(leaves)):])
    return H("node", left, str(a), right, str(b)), a + b
def form(value, **forms):  # these keys, in this order; each a pattern to match, or the type of a number
    need(list(value) == list(forms) and all(re.fullmatch(f, value[k], re.A) if isinstance(f, str) else type(value[k]) is f for k, f in forms.items()), "form")
def once(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else TWICE  # a key twice means one thing to one reader, another to the next
def plain(value): return value is not TWICE and all(map(plain, value.values() if type(value) is dict else value if type(value) is list else ()))
def read(text): return json.loads(text if "\\" not in text else "null", object_pairs_hook=once, parse_int=lambda digits: int(digits) if digits != "-0" else 0.0)
TWICE, HASH, AMOUNT, TIME = object(), "[0-9a-f]{64}", "[1-9][0-9]{0,76}", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"

def check_genesis(block):
    genesis = block["Genesis"]
    form(block, Index=int, Timestamp=TIME, BPM=int, Hash=HASH, PrevHash="", Validator="", Genesis=dict)
    form(genesis, Version=int, Salt=HASH, Commitment=HASH, Links=int)
    need((block["Index"], block["BPM"], genesis["Version"]) == (0, 0, 1), "form")
    need(block["Hash"] == H("genesis", 1, block["Timestamp"], genesis["Salt"], genesis["Commitment"], genesis["Links"]), "hash")

def check(block, pool, tip, first_block):
    genesis, draw, validator, bpm = first_block["Genesis"], block["Draw"], block["Validator"], block["BPM"]
    next_commitment = {"NextCommitment": HASH} if "NextCommitment" in block else {}
    form(block, Index=int, Timestamp=TIME, BPM=int, Hash=HASH, PrevHash=HASH, Validator=HASH, Draw=dict, **next_commitment)
    form(draw, Reveal=HASH, PoolRoot=HASH, PoolSize=int, TotalStake=AMOUNT, Ticket="0|" + AMOUNT, Stake=AMOUNT, Path=list)
    need(block["Index"] == index, "index")
    need(block["PrevHash"] == tip["Hash"], "prev-hash")
    numbers = [draw[key] for key in ("Reveal", "PoolRoot", "PoolSize", "TotalStake", "Ticket", "Stake")]
    need(block["Hash"] == H("block", index, block["Timestamp"], bpm, tip["Hash"], validator, *numbers, block.get("NextCommitment", "")), "hash")
    link = tip.get("NextCommitment") or (tip["Draw"]["Reveal"] if index > 1 else genesis["Commitment"])
    need(H("link", genesis["Salt"], index, draw["Reveal"]) == link, "link")
    total, stake, attempt, seed = int(draw["TotalStake"]), int(draw["Stake"]), 0, H("seed", first_block["Hash"], index, draw["Reveal"])
    while (ticket := int(H("ticket", seed, attempt), 16) % (1 << (total - 1).bit_length())) >= total: attempt += 1
    need(draw["Ticket"] == str(ticket), "ticket")
    node, tokens, first, leaves = H("leaf", validator, draw["Stake"], bpm), stake, 0, draw["PoolSize"]
    for step in reversed(draw["Path"]):  # down from the root: a sibling must stand where this tree has one
        form(step, Side="left|right", Hash=HASH, Stake=AMOUNT)
        leaves = left_of(leaves) if step["Side"] == "right" else leaves - left_of(leaves)
    need(leaves == 1, "path")
    for step in draw["Path"]:
        there, here = [step["Hash"], step["Stake"]], [node, str(tokens)]
        node, tokens = H("node", *(there + here if step["Side"] == "left" else here + there)), tokens + int(step["Stake"])
        first += int(step["Stake"]) if step["Side"] == "left" else 0
    need((node, tokens) == (draw["PoolRoot"], total), "path")
    need(first <= ticket < first + stake, "winner")
    need(block["Timestamp"] >= tip["Timestamp"], "timestamp")
    need(bool(next_commitment) == (index % genesis["Links"] == 0), "next-commitment")
    if pool is None: return
    need(isinstance(pool, list) and all(type(c) is dict and list(c) == ["Validator", "Stake", "BPM"] and type(c["Validator"]) is type(c["Stake"]) is str and re.fullmatch(HASH, c["Validator"]) and re.fullmatch(AMOUNT, c["Stake"]) and type(c["BPM"]) in (int, float) for c in pool), "pool-form")
    need(all(type(c["BPM"]) is int and 0 <= c["BPM"] <= 2147483647 for c in pool), "pool-order")
    addresses = [candidate["Validator"] for candidate in pool]
    need(addresses == sorted(set(addresses)), "pool-order")
    need(len(pool) == draw["PoolSize"], "pool-size")
    need(tree([(H("leaf", c["Validator"], c["Stake"], c["BPM"]), int(c["Stake"])) for c in pool]) == (draw["PoolRoot"], total), "pool-root")
    need(sum(int(c["Stake"]) for c in pool if c["Validator"] < validator) == first, "pool-winner")

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
    need("Block" not in entry or pool is not None, "pool-form")
    need(index > 0 or not pool, "pool-size")
    tip, pools = block, pools + (index > 0 and pool is not None)
print(f"{index + 1} blocks hold, and {pools} pools")
