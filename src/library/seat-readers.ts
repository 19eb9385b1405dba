import type {
  CandidateAnswer,
  NewSeat,
  SeatAnswer,
  SeatCandidate,
  Seat as SeatMessage,
  SeatResult,
} from '../http/api/types.ts';
import { amount, flag, JsonObject, number, text } from './json-reader.ts';

/** Reads the answer to a stake. Like all readers here, it throws a TypeError when the value is something else. */
export function readSeatAnswer(json: unknown): NewSeat {
  return new JsonObject<SeatAnswer>(json, 'answer').read('seat', readNewSeat);
}

/** Reads the answer to a BPM. */
export function readCandidateAnswer(json: unknown): SeatCandidate {
  return new JsonObject<CandidateAnswer>(json, 'answer').read('candidate', readCandidate);
}

/** Reads the answer of /api/seat. */
export function readSeat(json: unknown, at = 'seat'): SeatMessage {
  const seat = new JsonObject<SeatMessage>(json, at);
  return {
    validator: seat.read('validator', text),
    stake: seat.read('stake', amount),
    expiresInMs: seat.read('expiresInMs', number),
    ...(seat.has('candidate') ? { candidate: seat.read('candidate', readCandidate) } : {}),
    ...(seat.has('result') ? { result: seat.read('result', readResult) } : {}),
  };
}

function readNewSeat(json: unknown, at: string): NewSeat {
  const seat = new JsonObject<NewSeat>(json, at);
  return {
    ...readSeat(json, at),
    token: seat.read('token', text),
    ...(seat.has('rejoinCode') ? { rejoinCode: seat.read('rejoinCode', text) } : {}),
  };
}

function readCandidate(json: unknown, at: string): SeatCandidate {
  const candidate = new JsonObject<SeatCandidate>(json, at);
  return {
    validator: candidate.read('validator', text),
    stake: candidate.read('stake', amount),
    index: candidate.read('index', number),
    bpm: candidate.read('bpm', number),
  };
}

function readResult(json: unknown, at: string): SeatResult {
  const result = new JsonObject<SeatResult>(json, at);
  return {
    index: result.read('index', number),
    winner: result.read('winner', text),
    isWinner: result.read('isWinner', flag),
    ticket: result.read('ticket', amount),
    totalStake: result.read('totalStake', amount),
    firstTicket: result.read('firstTicket', amount),
    lastTicket: result.read('lastTicket', amount),
  };
}
