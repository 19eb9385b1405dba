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
HASH, AMOUNT, TIME = "[0-9a-f]{64}", "[1-9][0-9]{0,76}", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"

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
    addresses = [candidate["Validator"] for candidate in pool]
    need(addresses == sorted(set(addresses)), "pool-order")
    need(len(pool) == draw["PoolSize"], "pool-size")
    need(tree([(H("leaf", c["Validator"], c["Stake"], c["BPM"]), int(c["Stake"])) for c in pool]) == (draw["PoolRoot"], total), "pool-root")
    need(sum(int(c["Stake"]) for c in pool if c["Validator"] < validator) == first, "pool-winner")

text, index, pools = sys.stdin.read(), 0, 0
need(text.strip() != "", "there is none")
for index, entry in enumerate(json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())):
    block, pool = (entry["Block"], entry["Pool"]) if "Block" in entry else (entry, None)
    try: check(block, pool, tip, first_block) if index > 0 else check_genesis(first_block := block)
    except (KeyError, TypeError, AttributeError) as fault: need(False, f"form ({fault!r})")
    tip, pools = block, pools + (index > 0 and pool is not None)
print(f"{index + 1} blocks hold, and {pools} pools")
