/** `setsid: child 28 did not exit normally: Success`, with a number of at most 10 digits. */
const SAID_BEFORE = 'setsid: child ';
const SAID_AFTER = ' did not exit normally';
/** What strerror(3) may add to it. */
const MAX_REASON = 100;
/** The line with the session: a number and its newline. */
const SESSION = /^(\d{1,10})\n/;

/**
 * What a command wrote on stderr, without what is ours: the first line, which tells its session, and what setsid says
 * when a signal ended it.
 */
export class SessionStderr {
  /** Id of the session; known once the command runs. */
  session: number | undefined;
  /** setsid said that the command did not exit. */
  abnormal = false;
  #held: Buffer = Buffer.alloc(0);
  #said = '';

  /** Gives what of it is the command's own. The beginning of what may be ours waits for what follows. */
  push(bytes: Buffer): Buffer {
    const whole = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    this.#held = Buffer.alloc(0);
    if (this.session !== undefined) return this.#withoutSaid(whole);
    const found = SESSION.exec(whole.toString('latin1', 0, 16));
    if (!found) {
      this.#held = Buffer.from(whole);
      return Buffer.alloc(0);
    }
    this.session = Number(found[1]);
    this.#said = `${SAID_BEFORE}${this.session}${SAID_AFTER}`;
    return this.#withoutSaid(whole.subarray(found[0].length));
  }

  /** What was held back, when nothing follows. */
  end(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }

  #withoutSaid(whole: Buffer): Buffer {
    const at = whole.indexOf(this.#said);
    if (at < 0) return this.#hold(whole, startOfPart(whole, this.#said));
    const end = whole.indexOf('\n', at);
    if (end < 0) return whole.length - at > this.#said.length + MAX_REASON ? whole : this.#hold(whole, at);
    this.abnormal = true;
    return Buffer.concat([whole.subarray(0, at), whole.subarray(end + 1)]);
  }

  #hold(whole: Buffer, from: number): Buffer {
    this.#held = Buffer.from(whole.subarray(from));
    return whole.subarray(0, from);
  }
}

/** Where at the end of the bytes a beginning of the text stands; the length of the bytes when none does. */
function startOfPart(whole: Buffer, text: string): number {
  const end = whole.toString('latin1', Math.max(0, whole.length - text.length + 1));
  for (let at = 0; at < end.length; at += 1) {
    if (text.startsWith(end.slice(at))) return whole.length - end.length + at;
  }
  return whole.length;
}
