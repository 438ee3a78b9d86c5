import { nearest } from '@alts/sdk';
import { z } from 'zod';

/** One of the known words; any other is an error that says which one it is most like. */
export function oneOf(known: readonly string[], what: string): z.ZodString {
  return z.string().refine((word) => known.includes(word), {
    error: ({ input }) =>
      `${JSON.stringify(input)} is not ${what} that is known; did you mean ${JSON.stringify(nearest(String(input), known))}?`,
  });
}
