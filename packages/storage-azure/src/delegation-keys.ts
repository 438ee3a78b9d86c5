import type { UserDelegationKey } from '@azure/storage-blob';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** No account lends for longer. */
const LONGEST_MS = 7 * DAY_MS;
/** A key is not used up to its end: the clocks of two machines are never the same. */
const MARGIN_MS = 15 * MINUTE_MS;

/** The account. */
interface Lender {
  getUserDelegationKey(startsOn: Date, expiresOn: Date): Promise<UserDelegationKey>;
}

/** Keys that an account lends to an identity, to sign with; one is kept for as long as it is good for what is signed. */
export class DelegationKeys {
  readonly #service: Lender;
  #kept: { readonly until: number; readonly key: Promise<UserDelegationKey> } | undefined;

  constructor(service: Lender) {
    this.#service = service;
  }

  /** One that lasts longer than what is signed with it, or as long as there are any. */
  async keyUntil(expiresOn: Date): Promise<UserDelegationKey> {
    const needed = expiresOn.getTime() + MARGIN_MS;
    if (this.#kept && this.#kept.until >= needed) return await this.#kept.key;
    const now = Date.now();
    const until = Math.min(Math.max(needed, now + DAY_MS), now + LONGEST_MS);
    const kept = { until, key: this.#service.getUserDelegationKey(new Date(now - MARGIN_MS), new Date(until)) };
    this.#kept = kept;
    try {
      return await kept.key;
    } catch (error) {
      if (this.#kept === kept) this.#kept = undefined;
      throw error;
    }
  }
}
