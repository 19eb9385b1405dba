"""Says of each signature of its input, a JSON array of [key, message, signature] in hex, whether it holds."""
import json, re, sys
from primitives import HASH, SIGNATURE, signed

print(json.dumps([bool(re.fullmatch(HASH, key) and re.fullmatch(SIGNATURE, signature)) and signed(key, bytes.fromhex(message), signature)
                  for key, message, signature in json.load(sys.stdin)]))
