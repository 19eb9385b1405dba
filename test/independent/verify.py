"""Verifies a chain, and its pools where they are given: python3 verify.py < chain.json, or a line for each block (ndjson)."""
import hashlib, json, sys

def H(tag, *parts): return hashlib.sha256(json.dumps(["sortition/1/" + tag, *parts], separators=(",", ":")).encode()).hexdigest()
def half(n): return 1 << (n - 1).bit_length() - 1  # the largest power of two below n
def tree(leaves):
    if len(leaves) == 1: return leaves[0]
    (left, a), (right, b) = tree(leaves[:half(len(leaves))]), tree(leaves[half(len(leaves)):])
    return H("node", left, str(a), right, str(b)), a + b

def check(index, block, pool, chain):
    genesis, tip = (chain[0], chain[-1]) if chain else (block, None)
    assert list(block)[:6] == ["Index", "Timestamp", "BPM", "Hash", "PrevHash", "Validator"] and block["Index"] == index, "form"
    if index == 0: return block["Hash"] == H("genesis", 1, block["Timestamp"], *(block["Genesis"][key] for key in ("Salt", "Commitment", "Links"))) or fail("hash")
    draw, links, validator, bpm = block["Draw"], genesis["Genesis"]["Links"], block["Validator"], block["BPM"]
    fields = [draw[key] for key in ("Reveal", "PoolRoot", "PoolSize", "TotalStake", "Ticket", "Stake")]
    assert block["PrevHash"] == tip["Hash"], "prev-hash"
    assert block["Hash"] == H("block", index, block["Timestamp"], bpm, tip["Hash"], validator, *fields, block.get("NextCommitment", "")), "hash"
    link = tip.get("NextCommitment") or (tip["Draw"]["Reveal"] if index > 1 else genesis["Genesis"]["Commitment"])
    assert H("link", genesis["Genesis"]["Salt"], index, draw["Reveal"]) == link, "link"
    total, stake, attempt, seed = int(draw["TotalStake"]), int(draw["Stake"]), 0, H("seed", genesis["Hash"], index, draw["Reveal"])
    while (ticket := int(H("ticket", seed, attempt), 16) % (1 << (total - 1).bit_length())) >= total: attempt += 1
    assert draw["Ticket"] == str(ticket), "ticket"
    node, tokens, first, leaves = H("leaf", validator, draw["Stake"], bpm), stake, 0, draw["PoolSize"]
    for step in reversed(draw["Path"]):  # down from the root: the sibling must be where the tree has one
        leaves = half(leaves) if step["Side"] == "right" else leaves - half(leaves)
    assert leaves == 1, "path"
    for step in draw["Path"]:
        there, here = [step["Hash"], step["Stake"]], [node, str(tokens)]
        node, tokens = H("node", *(there + here if step["Side"] == "left" else here + there)), tokens + int(step["Stake"])
        first += int(step["Stake"]) if step["Side"] == "left" else 0
    assert (node, tokens) == (draw["PoolRoot"], total), "path"
    assert first <= ticket < first + stake, "winner"
    assert block["Timestamp"] >= tip["Timestamp"], "timestamp"
    assert ("NextCommitment" in block) == (index % links == 0), "next-commitment"
    if pool is None: return
    addresses = [candidate["Validator"] for candidate in pool]
    assert addresses == sorted(set(addresses)), "pool-order"
    assert len(pool) == draw["PoolSize"], "pool-size"
    assert tree([(H("leaf", c["Validator"], c["Stake"], c["BPM"]), int(c["Stake"])) for c in pool]) == (draw["PoolRoot"], total), "pool-root"
    assert sum(int(c["Stake"]) for c in pool if c["Validator"] < validator) == first, "pool-winner"

def fail(rule): raise AssertionError(rule)

text, chain, pools = sys.stdin.read(), [], 0
for index, entry in enumerate(json.loads(text) if text.startswith("[") else map(json.loads, text.splitlines())):
    block, pool = (entry["Block"], entry["Pool"]) if "Block" in entry else (entry, None)
    try: check(index, block, pool, chain)
    except (AssertionError, KeyError, TypeError, ValueError) as fault: sys.exit(f"block {index} does not hold: {fault}")
    chain, pools = chain + [block] if index < 1 else [chain[0], block], pools + (pool is not None)
print(f"{index + 1} blocks hold, {pools} of them with their pools")
