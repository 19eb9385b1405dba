"""The ledger of a chain (SPEC 6): accounts in the order of their creation, what transactions do to them, and the roots of both."""
import json, re
from primitives import AMOUNT, HASH, SIGNATURE, SOME, H, T, form, need, signed, tree, under

def parse_ledger(ledger):  # of the genesis
    form(ledger, Reward=SOME, MinFee=SOME, Unbonding=int, Accounts=list)
    for account in ledger["Accounts"]: form(dict(zip(("Key", "Balance", "Bonded"), account, strict=True)), Key=HASH, Balance=SOME, Bonded=SOME)
    keys = [account[0] for account in ledger["Accounts"]]
    need(len(set(keys)) == len(keys), "form")
def parse_summary(ledger):  # of any other block
    form(ledger, Transactions=int, Fees=SOME, TransactionRoot="|" + HASH, Accounts=int, Supply=SOME, StateRoot=HASH)
def account_leaf(key, balance, bonded, unbonding, release, since, nonce):
    return H("account", key, str(balance), str(bonded), str(unbonding), release, since, nonce), int(balance) + int(bonded) + int(unbonding)

class Account:
    def __init__(self, balance=0, bonded=0):
        self.balance, self.bonded, self.unbonding, self.release, self.since, self.nonce = balance, bonded, 0, 0, 0, 0
    def touch(self, n):  # what was due flows back
        if 0 < self.release <= n: self.balance, self.unbonding, self.release = self.balance + self.unbonding, 0, 0
        return self

class Ledger:
    """The state behind a block. `accounts` is None from the first block on whose transactions are not known."""
    def __init__(self, chain_id, genesis):
        self.chain_id, self.terms, self.transfers_only = chain_id, genesis["Ledger"], genesis["Consensus"]["Kind"] != "lottery"
        self.reward, self.min_fee = int(self.terms["Reward"]), int(self.terms["MinFee"])
        self.accounts = {key: Account(int(balance), int(bonded)) for key, balance, bonded in self.terms["Accounts"]}
        self.count, self.supply = len(self.accounts), sum(account.balance + account.bonded for account in self.accounts.values())
        need(len(str(self.supply)) <= 77, "state")

    def check(self, block, body):
        summary = block["Ledger"]
        if self.accounts is not None and "Transactions" in body: self.check_all(block, summary, body)
        else:
            self.accounts = None
            self.check_alone(summary)
        self.count, self.supply = summary["Accounts"], int(summary["Supply"])

    def check_alone(self, summary):  # as far as blocks alone prove it
        count, fees, supply = summary["Transactions"], int(summary["Fees"]), int(summary["Supply"])
        need(count <= 1000 and (count > 0 or fees == 0) and (count == 0) == (summary["TransactionRoot"] == "") and fees >= count * self.min_fee, "transactions")
        need(self.count <= summary["Accounts"] <= self.count + count + 1, "state")  # a transfer creates one at most, the reward another
        burns = count > 0 and not self.transfers_only
        need(supply <= self.supply + self.reward and (burns or supply == self.supply + self.reward), "state")

    def check_all(self, block, summary, body):
        n, entries = block["Index"], body["Transactions"]
        with under("transactions"):
            need(type(entries) is list and len(entries) <= 1000 and len(json.dumps(entries, separators=(",", ":"))) <= 524288, "size")
            leaves = [self.apply(entry, n) for entry in entries]
            root, fees = tree(leaves)
            need((len(entries), str(fees), root) == (summary["Transactions"], summary["Fees"], summary["TransactionRoot"]), "summary")
        with under("state"):
            if "Draw" in block: self.check_pool(block["Draw"], body.get("Candidates"), n)
            else: need("Candidates" not in body, "stray pool")
            self.accounts.setdefault(block["Validator"], Account()).touch(n).balance += self.reward + fees
            root, supply = tree([account_leaf(key, *vars(account).values()) for key, account in self.accounts.items()])
            need(len(str(supply)) <= 77, "supply")
            need((len(self.accounts), str(supply), root) == (summary["Accounts"], summary["Supply"], summary["StateRoot"]), "summary")

    def apply(self, entry, n):  # returns the leaf of the transaction
        kind = entry["Kind"]
        need(kind == "transfer" or kind in ("bond", "unbond", "report") and not self.transfers_only, "kind")
        own = {"transfer": {"To": HASH, "Amount": AMOUNT}, "report": {"Evidence": list}}.get(kind, {"Amount": AMOUNT})
        form(entry, Kind=kind, From=HASH, **own, Fee=SOME, Nonce=int, Until=int, Signature=SIGNATURE)
        text = {key: value for key, value in entry.items() if key != "Signature"}
        need(signed(entry["From"], T("transaction", self.chain_id, text), entry["Signature"]), "signature")
        fee, amount, sender = int(entry["Fee"]), int(entry.get("Amount", 0)), self.accounts[entry["From"]]
        need(fee >= self.min_fee and entry["Nonce"] == sender.nonce and n <= entry["Until"] <= n + 1000, "fee, nonce or time")
        sender.touch(n).nonce += 1
        sender.balance -= fee + (amount if kind in ("transfer", "bond") else 0)
        need(sender.balance >= 0, "balance")
        if kind == "transfer": self.accounts.setdefault(entry["To"], Account()).touch(n).balance += amount
        elif kind == "bond":
            if sender.bonded + sender.unbonding == 0: sender.since = max(sender.since, n)
            sender.bonded += amount
        elif kind == "unbond":
            sender.bonded, sender.unbonding, sender.release = sender.bonded - amount, sender.unbonding + amount, n + self.terms["Unbonding"]
            need(sender.bonded >= 0 and sender.release < 2**53, "bonded")
        else: self.burn(entry["Evidence"], n)
        return H("entry", H("transaction", self.chain_id, text), entry["Signature"]), fee

    def burn(self, evidence, n):  # two candidates that differ in their BPM alone, or one that is tainted
        need(len(evidence) in (1, 2), "evidence")
        for candidate in evidence: self.check_candidate(candidate)
        first, last = evidence[0], evidence[-1]
        need(len(evidence) == 2 or type(first["BPM"]) is str, "evidence")
        need(len(evidence) == 1 or (first["Validator"], first["Index"]) == (last["Validator"], last["Index"]) and first["BPM"] != last["BPM"], "evidence")
        accused = self.accounts[first["Validator"]]
        need(accused.since <= first["Index"] <= n, "evidence")
        accused.touch(n)
        need(accused.bonded + accused.unbonding > 0, "evidence")
        accused.bonded = accused.unbonding = accused.release = 0
        accused.since = n + 1

    def check_candidate(self, candidate):
        form(candidate, Index=int, Validator=HASH, BPM=type(candidate["BPM"]), Signature=SIGNATURE)
        bpm, text = candidate["BPM"], {key: value for key, value in candidate.items() if key != "Signature"}
        need(bpm < 2**31 if type(bpm) is int else type(bpm) is str and re.fullmatch("[ -~]{1,64}", bpm), "BPM")
        need(signed(candidate["Validator"], T("candidate", self.chain_id, text), candidate["Signature"]), "signature")

    def check_pool(self, draw, pool, n):
        leaves = []
        for candidate in pool:
            self.check_candidate(candidate)
            validator, bonded = candidate["Validator"], self.accounts[candidate["Validator"]].bonded
            need(candidate["Index"] == n and type(candidate["BPM"]) is int and bonded > 0, "candidate")
            leaves.append((H("leaf", validator, str(bonded), candidate["BPM"]), bonded))
        validators = [candidate["Validator"] for candidate in pool]
        need(type(pool) is list and validators == sorted(set(validators)) and len(pool) == draw["PoolSize"], "pool")
        root, total = tree(leaves)
        need((root, str(total)) == (draw["PoolRoot"], draw["TotalStake"]), "pool")
