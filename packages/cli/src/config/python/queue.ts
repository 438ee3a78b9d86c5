import type { Part } from '../fleet-config.ts';
import { ignored, type KeyNote, obsolete, type Translated, understood } from './note.ts';
import type { Settings } from './python-config.ts';
import { assertTogether, SettingError } from './setting-error.ts';

/** `ssl.CERT_REQUIRED` of Python. */
const CERT_REQUIRED = 2;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;

/**
 * The broker as a queue.
 * @throws {SettingError}
 */
export function queueOf(settings: Settings): Translated<Part> {
  const { use_ssl: tls = false, rabbitmq_vhost: vhost } = settings;
  assertTogether(settings, 'rabbitmq_user', 'rabbitmq_password');
  const path = vhost === undefined ? '' : `/${encoded(vhost)}`;
  const part = {
    use: 'amqp',
    url: `${tls ? 'amqps' : 'amqp'}://${credentials(settings)}${address(settings, tls)}${path}`,
    ...(tls && certificates(settings)),
  };
  return { part, notes: [...urlNotes(settings, tls), ...tlsNotes(settings, tls)] };
}

/**
 * A piece of a URL. The Python system put the text into its URL as it was, and kombu (`url_to_parts`) decoded it: who had a
 * "/" in a password had to write `%2F`. So what is encoded already is decoded first, and all else is the text itself.
 */
function encoded(text: string): string {
  const decoded = text.replace(ESCAPES, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
  return encodeURIComponent(decoded);
}

function credentials({ rabbitmq_user: user, rabbitmq_password: password }: Settings): string {
  if (user === undefined || password === undefined) return '';
  return `${encoded(user)}:${encoded(password)}@`;
}

function address(
  { rabbitmq_host: host, rabbitmq_port: plain = 5672, rabbitmq_ssl_port: secure = 5671 }: Settings,
  tls: boolean,
): string {
  if (host === undefined) throw new SettingError('rabbitmq_host', 'is missing: the host of RabbitMQ');
  if (!/^[A-Za-z0-9_.:-]+$/.test(host)) {
    throw new SettingError('rabbitmq_host', `${JSON.stringify(host)} must be a name or an address, without a port`);
  }
  const port = tls ? secure : plain;
  if (!host.includes(':')) return `${host}:${port}`;
  if (host.split(':').length > 2) return `[${host}]:${port}`;
  throw new SettingError('rabbitmq_host', `${JSON.stringify(host)} must have no port; that is rabbitmq_port`);
}

function certificates({
  broker_ca_certificates: ca,
  security_certificate: cert,
  security_key: key,
}: Settings): Readonly<Record<string, string>> {
  return { ...(ca && { ca_file: ca }), ...(cert && { cert_file: cert }), ...(key && { key_file: key }) };
}

function urlNotes({ rabbitmq_password: password = '' }: Settings, tls: boolean): KeyNote[] {
  const other = (wanted: boolean) => `use_ssl is ${wanted ? '' : 'not '}set, so that another port is used`;
  return [
    understood('use_ssl', 'queue.url', tls ? 'amqps://' : 'amqp://'),
    understood('rabbitmq_host', 'queue.url'),
    tls ? obsolete('rabbitmq_port', other(true)) : understood('rabbitmq_port', 'queue.url'),
    tls ? understood('rabbitmq_ssl_port', 'queue.url') : obsolete('rabbitmq_ssl_port', other(false)),
    understood('rabbitmq_user', 'queue.url'),
    understood(
      'rabbitmq_password',
      'queue.url',
      password.search(ESCAPES) < 0 ? '' : 'its %… are decoded, as Celery does',
    ),
    understood('rabbitmq_vhost', 'queue.url'),
  ];
}

function tlsNotes({ cert_required: checked = CERT_REQUIRED }: Settings, tls: boolean): KeyNote[] {
  const files = [
    ['broker_ca_certificates', 'queue.ca_file'],
    ['security_certificate', 'queue.cert_file'],
    ['security_key', 'queue.key_file'],
  ] as const;
  const beside = 'a relative path is looked for beside the configuration';
  return [
    ...files.map(([key, becomes]) =>
      tls ? understood(key, becomes, beside) : ignored(key, 'use_ssl is not set: the connection has no TLS', becomes),
    ),
    obsolete('security_digest', 'TLS settles digests by itself'),
    checked === CERT_REQUIRED
      ? obsolete('cert_required', "the broker's certificate is always checked")
      : ignored('cert_required', "the broker's certificate is always checked", 'queue.ca_file'),
  ];
}
