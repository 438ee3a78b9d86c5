import { z } from 'zod';

const HostName = z.string().regex(/^([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(:[1-9]\d{0,4})?$/, {
  error: ({ input }) =>
    `${JSON.stringify(input)} must be the name of a host, such as build.example.org: small letters, perhaps a port, no scheme or path`,
});

/** Where results may be reported to when a task asks for it, and with what token. */
export const CallbackOptions = z
  .strictObject({
    /** The only hosts that are ever told a result; a token must not get to others. */
    hosts: z.array(HostName).min(1),
    /** What a `callback_href` without a host is joined to (RFC 3986 section 5). Left out: such a one is refused. */
    base: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) URL, such as https://build.example.org' })
      .optional(),
    /** Sent as `Authorization: Bearer …`, to the origin of `base` alone. */
    token: z.string().min(1).optional(),
  })
  .refine(({ hosts, base }) => base === undefined || isOn(new URL(base), hosts), {
    message: 'must be on one of the hosts',
    path: ['base'],
  })
  .refine(({ token, base }) => token === undefined || base !== undefined, {
    message: 'needs callbacks.base: it is sent to that origin alone',
    path: ['token'],
  });
export type CallbackOptions = z.output<typeof CallbackOptions>;

function isOn({ hostname, port, protocol }: URL, hosts: readonly string[]): boolean {
  const usual = protocol === 'https:' ? '443' : '80';
  return hosts.includes(hostname) || hosts.includes(`${hostname}:${port || usual}`);
}
