"""
Verifies a chain, and what lies beside its blocks where that is given: python3 verify.py < chain.json, or with a line for each block (ndjson).
With --proof FILE it checks one account instead: the JSON of `account ADDRESS --proof --json`.
With --evidence FILE it says whether two statements that the authority of a chain has signed convict it.
"""
import re, sys
from bls import spoken
from ledger import Ledger, account_leaf, parse_ledger, parse_summary
from primitives import AMOUNT, HASH, SIGNATURE, SOME, TIME, Broken, H, T, climb, day, form, milliseconds, need, place_of, plain, read, signed, tree, under

def check_genesis(block):
    genesis = block["Genesis"]
    if genesis.get("Version") == 1: sys.exit("this chain was begun by an unreleased version")
    kind = genesis["Consensus"]["Kind"]
    need(kind in ("lottery", "work", "instant"), "form")
    beacons, ledger = ({key: kept} if key in genesis else {} for key, kept in (("Beacons", list), ("Ledger", dict)))
    form(block, Index=int, Timestamp=TIME, BPM=int, Hash=HASH, PrevHash="", Validator="", Genesis=dict)
    form(genesis, Version=int, Consensus=dict, **({} if kind == "work" else {"Authority": HASH}), **(beacons if kind == "lottery" else {}), **ledger)
    form(genesis["Consensus"], **{"lottery": dict(Kind="lottery", Salt=HASH, Commitment=HASH, Links=int), "work": dict(Kind="work", Difficulty=AMOUNT, IntervalMs=int), "instant": dict(Kind="instant")}[kind])
    need((block["Index"], block["BPM"], genesis["Version"]) == (0, 0, 2) and all(genesis["Consensus"].get(key, 1) >= 1 for key in ("Links", "IntervalMs")) and day(block["Timestamp"]), "form")
    for beacon in genesis.get("Beacons", ()):
        form(beacon, Name="[a-z0-9-]{1,32}", ChainHash=HASH, PublicKey="[0-9a-f]{192}", GenesisTime=int, Period=int)
        need(beacon["Period"] >= 1, "form")
    names = [beacon[key] for beacon in genesis.get("Beacons", ()) for key in ("Name", "ChainHash")]
    need(genesis.get("Beacons") != [] and len(set(names)) == len(names), "form")
    if ledger: parse_ledger(genesis["Ledger"])
    need(block["Hash"] == H("genesis", block["Timestamp"], genesis), "hash")

def check_form(block, genesis):
    kind, beacons = genesis["Consensus"]["Kind"], genesis.get("Beacons", [])
    seal = {"lottery": {"Draw": dict}, "work": {"Work": dict}, "instant": {}}[kind]
    ledger = {"Ledger": dict} if "Ledger" in genesis else {}
    next_commitment = {"NextCommitment": HASH} if kind == "lottery" and "NextCommitment" in block else {}
    form(block, Index=int, Timestamp=TIME, BPM=int, Hash=HASH, PrevHash=HASH, Validator=HASH, **seal, **ledger, **next_commitment, **({} if kind == "work" else {"Signature": SIGNATURE}))
    need(day(block["Timestamp"]) and block["BPM"] < 2**31 and block["Index"] >= 1, "form")
    if ledger: parse_summary(block["Ledger"])
    if kind == "work": form(block["Work"], Difficulty=AMOUNT, Nonce=int)
    if kind == "lottery":
        draw = block["Draw"]
        form(draw, Reveal=HASH, **({"Sealed": TIME, "Beacons": list} if beacons else {}), PoolRoot=HASH, PoolSize=int, TotalStake=SOME, Ticket=SOME, Stake=AMOUNT, Path=list)
        for step in draw["Path"]: form(step, Side="left|right", Hash=HASH, Stake=AMOUNT)
        for round in draw.get("Beacons", ()): form(round, Round=int, Signature="[0-9a-f]{96}")
        need(len(draw.get("Beacons", ())) == len(beacons) and draw["PoolSize"] >= 1 and (not beacons or day(draw["Sealed"])), "form")

def check_author(block, first_block):  # its hash is that of what it says, and its authority signed it
    content = {key: value for key, value in block.items() if key not in ("Hash", "Signature")}
    if "Work" in block: hashed = H("work", H("block", {**content, "Work": {"Difficulty": block["Work"]["Difficulty"]}}), block["Work"]["Nonce"])
    else: hashed = H("block", content)
    need(block["Hash"] == hashed, "hash")
    if "Signature" in block: need(signed(first_block["Genesis"]["Authority"], T("authority", first_block["Hash"], block["Index"], block["Hash"]), block["Signature"]), "signature")
def check_work(block): need(int(block["Hash"], 16) * int(block["Work"]["Difficulty"]) < 2**256, "work")

def check_draw(block, tip, first_block, pool, seal):
    genesis, draw, index = first_block["Genesis"]["Consensus"], block["Draw"], block["Index"]
    link = tip.get("NextCommitment") or (tip["Draw"]["Reveal"] if index > 1 else genesis["Commitment"])
    need(H("link", genesis["Salt"], index, draw["Reveal"]) == link, "link")
    check_beacons(block, tip, first_block, seal)
    signatures = [round["Signature"] for round in draw.get("Beacons", ())]
    total, attempt, seed = int(draw["TotalStake"]), 0, H("seed", first_block["Hash"], index, draw["Reveal"], *signatures)
    need(total > 0, "ticket")
    while (ticket := int(H("ticket", seed, attempt), 16) % (1 << (total - 1).bit_length())) >= total: attempt += 1
    need(draw["Ticket"] == str(ticket), "ticket")
    place_of(draw["Path"], draw["PoolSize"])
    leaf = H("leaf", block["Validator"], draw["Stake"], block["BPM"])
    need(climb(leaf, int(draw["Stake"]), draw["Path"]) == (draw["PoolRoot"], total), "path")
    if pool is not None: check_pool(pool, draw, total)
    first = sum(int(step["Stake"]) for step in draw["Path"] if step["Side"] == "left")
    need(first <= ticket < first + int(draw["Stake"]), "winner")

def check_beacons(block, tip, first_block, seal):
    draw, index, beacons = block["Draw"], block["Index"], first_block["Genesis"].get("Beacons", [])
    need(not beacons or draw["Sealed"] >= tip["Timestamp"], "beacon")
    for place, (beacon, round) in enumerate(zip(beacons, draw.get("Beacons", ()))):
        since, period = milliseconds(draw["Sealed"]) + 3000 - beacon["GenesisTime"] * 1000, beacon["Period"] * 1000
        need(round["Round"] == -(-since // period) + 1 and round["Round"] >= 1, "beacon")
        need(index == 1 or round["Round"] > tip["Draw"]["Beacons"][place]["Round"], "beacon")
        need(milliseconds(block["Timestamp"]) >= (beacon["GenesisTime"] + (round["Round"] - 1) * beacon["Period"]) * 1000, "beacon")
    if seal is not None: need(beacons and type(seal) is str and re.fullmatch(SIGNATURE, seal, re.A) and signed(*sealed(first_block, sealed_pool(block)), seal), "beacon")
    for beacon, round in zip(beacons, draw.get("Beacons", ())): need(spoken(beacon["PublicKey"], round["Round"], round["Signature"]), "beacon")

def sealed_pool(block):  # what was sealed of a block before its beacons spoke
    pool = {"Index": block["Index"], **{key: block["Draw"][key] for key in ("Sealed", "PoolRoot", "PoolSize", "TotalStake")}}
    return {**pool, "TransactionRoot": block["Ledger"]["TransactionRoot"]} if "Ledger" in block else pool
def sealed(first_block, pool): return first_block["Genesis"]["Authority"], T("pool", first_block["Hash"], *pool.values())

def check_pool(pool, draw, total):
    with under("path (the pool's form)"):
        need(type(pool) is list, "form")
        for candidate in pool:
            form(candidate, Validator=HASH, Stake=AMOUNT, BPM=int)
            need(candidate["BPM"] < 2**31, "form")
    addresses = [candidate["Validator"] for candidate in pool]
    need(addresses == sorted(set(addresses)) and len(pool) == draw["PoolSize"], "path (the pool's candidates)")
    need(tree([(H("leaf", c["Validator"], c["Stake"], c["BPM"]), int(c["Stake"])) for c in pool]) == (draw["PoolRoot"], total), "path (the pool's root)")

class Chain:
    """A chain as far as it holds."""
    def __init__(self, block):
        check_genesis(block)
        self.first_block, self.tip, self.genesis = block, block, block["Genesis"]
        self.consensus, self.index, self.pools = self.genesis["Consensus"], 0, 0
        self.ledger = Ledger(block["Hash"], self.genesis) if "Ledger" in self.genesis else None
        self.window = [(milliseconds(block["Timestamp"]), int(self.consensus.get("Difficulty", 0)))]  # what the next difficulty comes from

    def add(self, block, body):
        index, kind, pool = self.index + 1, self.consensus["Kind"], None if self.ledger else body.get("Candidates")
        check_form(block, self.genesis)
        need(block["Index"] == index, "index")
        need(block["PrevHash"] == self.tip["Hash"], "prev-hash")
        check_author(block, self.first_block)
        need(kind == "lottery" or "Seal" not in body, "beacon")
        need(kind == "lottery" or pool in (None, []), "path")
        if kind == "lottery": check_draw(block, self.tip, self.first_block, pool, body.get("Seal"))
        if kind == "work":
            check_work(block)
            need(int(block["Work"]["Difficulty"]) == self.difficulty(), "difficulty")
            self.window = [*self.window, (milliseconds(block["Timestamp"]), int(block["Work"]["Difficulty"]))][-17:]
        if self.ledger: self.ledger.check(block, body)
        need(block["Timestamp"] >= self.tip["Timestamp"], "timestamp")
        need(("NextCommitment" in block) == (kind == "lottery" and index % self.consensus["Links"] == 0), "next-commitment")
        self.tip, self.index, self.pools = block, index, self.pools + (pool is not None)

    def difficulty(self):  # of the next block (SPEC 7)
        (since, last), (until, _), blocks = self.window[0], self.window[-1], self.window[1:]
        if not blocks: return last
        last = blocks[-1][1]
        asked = sum(difficulty for _, difficulty in blocks) * self.consensus["IntervalMs"] // max(1, until - since)
        return min(max(asked, 1, last // 4), last * 4)

    def words(self):
        checked = f", and {self.pools} pools" if self.consensus["Kind"] == "lottery" else ""
        if self.ledger: checked = ", as far as blocks alone prove a ledger" if self.ledger.accounts is None else f", with every transaction and the balances of {self.ledger.count} accounts"
        rounds = self.index * len(self.genesis.get("Beacons", []))
        waited = f", and {rounds} signatures of beacons" if rounds else ""
        return f"{self.index + 1} blocks hold{checked}{waited}"

def verify_chain(text):
    if text == "": sys.exit("block 0 does not hold: there is none")
    try: entries = read(text) if text.startswith("[") else [read(line) for line in text.splitlines() if line.strip() != ""]
    except (ValueError, RecursionError) as fault: sys.exit(f"this is no chain: {fault}")
    for index, entry in enumerate(entries if entries else [None]):
        try:
            need(type(entry) is dict and plain(entry), "form")
            need("Block" not in entry or re.fullmatch("Block(,Pool|,Transactions(,Candidates)?)?(,Seal)?", ",".join(entry)), "form")
            block, body = entry.get("Block", entry), {key: entry[key] for key in ("Transactions", "Candidates") if key in entry}
            if "Pool" in entry: body = {"Candidates": entry["Pool"]}
            if "Seal" in entry: body["Seal"] = entry["Seal"]
            if index == 0: chain = Chain(block)
            else: chain.add(block, body)
            need("Block" not in entry or body and body.get("Candidates", ()) is not None, "path (no pool)")
            need(index > 0 or "Seal" not in body, "beacon (the genesis has a seal)")
            need(index > 0 or body.get("Candidates", []) == [], "path (the genesis has a pool)")
        except Broken as fault: sys.exit(f"block {index} does not hold: {fault}")
        except (KeyError, TypeError, AttributeError, ValueError) as fault: sys.exit(f"block {index} does not hold: form ({fault!r})")
    print(chain.words())

def verify_proof(text):  # of one account, against a block that the authority signed, or that work was done for
    try:
        given = read(text)
        need(plain(given), "form")
        form(given, Genesis=dict, Block=dict, Proof=dict)
        first_block, block, proof = given["Genesis"], given["Block"], given["Proof"]
        check_genesis(first_block)
        check_form(block, first_block["Genesis"])
        check_author(block, first_block)
        if "Work" in block: check_work(block)
        form(proof, Index=int, Number=int, Account=list, Path=list)
        account = dict(zip(("Key", "Balance", "Bonded", "Unbonding", "Release", "Since", "Nonce"), proof["Account"], strict=True))
        form(account, Key=HASH, Balance=SOME, Bonded=SOME, Unbonding=SOME, Release=int, Since=int, Nonce=int)
        for step in proof["Path"]: form(step, Side="left|right", Hash=HASH, Stake=SOME)
        summary = block["Ledger"]
        need(proof["Index"] == block["Index"], "it is against another block")
        need(place_of(proof["Path"], summary["Accounts"]) == proof["Number"], "path")
        root, supply = climb(*account_leaf(*proof["Account"]), proof["Path"])
        need((root, str(supply)) == (summary["StateRoot"], summary["Supply"]), "path")
    except Broken as fault: sys.exit(f"the proof does not hold: {fault}")
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as fault: sys.exit(f"the proof does not hold: form ({fault!r})")
    amounts = f"{account['Balance']} tokens, {account['Bonded']} more at stake and {account['Unbonding']} unbonding"
    print(f"the proof holds: {account['Key']} has {amounts} behind block {block['Index']}, {block['Hash']}, of chain {first_block['Hash']}")

def verify_evidence(text):  # two statements of an authority of which only one can be true
    try:
        given = read(text)
        need(plain(given), "form")
        form(given, Version=int, Genesis=dict, Statements=list)
        need(given["Version"] == 1 and len(given["Statements"]) == 2, "form")
        first_block, said = given["Genesis"], []
        check_genesis(first_block)
        need(first_block["Genesis"]["Consensus"]["Kind"] != "work", "nobody signs the blocks of a chain of work")
        for statement in given["Statements"]:
            if list(statement) == ["Block"]:
                block = statement["Block"]
                check_form(block, first_block["Genesis"])
                check_author(block, first_block)
                said.append((block["Index"], block["Hash"], sealed_pool(block) if "Sealed" in block.get("Draw", {}) else None))
            else:
                form(statement, Pool=dict, Signature=SIGNATURE)
                pool, ledger = statement["Pool"], {"TransactionRoot": HASH + "|"} if "Ledger" in first_block["Genesis"] else {}
                need("Beacons" in first_block["Genesis"], "form")
                form(pool, Index=int, Sealed=TIME, PoolRoot=HASH, PoolSize=int, TotalStake=SOME, **ledger)
                need(day(pool["Sealed"]) and pool["Index"] >= 1 and pool["PoolSize"] >= 1, "form")
                need(signed(*sealed(first_block, pool), statement["Signature"]), "signature")
                said.append((pool["Index"], None, pool))
        (index, one, here), (other_index, other, there) = said
        differs = one != other if one and other else here and there and here != there
        need(index == other_index and differs, "both statements can be true")
    except Broken as fault: sys.exit(f"the evidence convicts nobody: {fault}")
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as fault: sys.exit(f"the evidence convicts nobody: form ({fault!r})")
    print(f"the evidence convicts {first_block['Genesis']['Authority']}, the authority of chain {first_block['Hash']}, of two statements on block {index}")

def text_of(data): return data.decode("utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig").strip()
if sys.argv[1:2] in (["--proof"], ["--evidence"]) and len(sys.argv) == 3:
    with open(sys.argv[2], "rb") as file: {"--proof": verify_proof, "--evidence": verify_evidence}[sys.argv[1]](text_of(file.read()))
else: verify_chain(text_of(sys.stdin.buffer.read()))
