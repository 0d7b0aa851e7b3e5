import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError, type FieldFault } from '../errors/app-error.ts'
import { type SettingName, settingReferences } from './reference.ts'

/** The settings after checking, in the form the program uses. */
export interface Settings {
  /** Absolute path. */
  dataDir: string
  /** Absolute path. */
  importDir: string
  /** The owner's connection; `undefined` stands for the embedded server. */
  databaseUrl: string | undefined
  host: string
  /** 0 lets the system choose. */
  port: number
  /** Whether PORT was set: then no other port may take its place. */
  portAsked: boolean
  /** The address people open, without a slash at the end; `undefined`: made from host and port by `publicUrl`. */
  url: string | undefined
  demo: boolean
  /** The current key first, the oldest last; `undefined`: kept in the data folder. */
  keys: { id: string; bytes: Buffer }[] | undefined
  smtpUrl: string | undefined
  mailFrom: string
  /** IP addresses and CIDR ranges. */
  trustedProxies: string[]
  privateTargets: string[]
  otlpEndpoint: string | undefined
  logLevel: (typeof logLevels)[number]
  poolSize: number
  workers: number
  requestsPerMinute: number
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** Messages are made for both languages: the text before the bar is Japanese, the one after it English. */
const say = (ja: string, en: string) => `${ja}|${en}`

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, say('整数ではありません', 'is not a whole number'))
    .transform(Number)
    .refine(value => value >= least && value <= most, {
      error: say(`${least}から${most}の範囲ではありません`, `is not between ${least} and ${most}`),
    })

const address = (protocols: string[]) =>
  z.string().refine(
    value => {
      const url = URL.parse(value)
      return url !== null && protocols.includes(url.protocol) && url.hostname !== ''
    },
    {
      error: say(
        `${protocols.map(name => `${name}//`).join('または')}で始まるアドレスではありません`,
        `is not an address that starts with ${protocols.map(name => `${name}//`).join(' or ')}`,
      ),
    },
  )

const publicAddress = address(['http:', 'https:'])
  .refine(value => /^\/?$/.test(URL.parse(value)?.pathname ?? '/') && !/[?#@]/.test(value), {
    error: say('パスや認証情報を含めることはできません', 'must not hold a path or a sign-in'),
  })
  .transform(value => new URL(value).origin)

const keyList = z
  .string()
  .transform(value => value.split(',').map(part => /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(part.trim())))
  .refine(parts => parts.every(part => part !== null), {
    error: say('「識別子:32バイトのBase64」の形ではありません', 'is not of the form "id:32 bytes in base64"'),
  })
  .transform(parts => parts.flatMap(part => (part ? [{ id: part[1]!, bytes: Buffer.from(part[2]!, 'base64') }] : [])))
  .refine(keys => new Set(keys.map(key => key.id)).size === keys.length, {
    error: say('同じ識別子が2回あります', 'names the same id twice'),
  })

const sender = z.string().refine(
  // No control characters, one address, an optional name: what a From header can hold (RFC 5322, section 3.4).
  value => /^(?:[^<>@,;:\p{Cc}]+ <[^\s<>@,;:\p{Cc}]+@[\w.-]+>|[^\s<>@,;:\p{Cc}]+@[\w.-]+)$/u.test(value),
  { error: say('メールアドレスではありません', 'is not a mail address') },
)

const addressRanges = z
  .string()
  .transform(value => value.split(',').map(part => part.trim()))
  .refine(parts => parts.every(isAddressRange), {
    error: say('IPアドレスまたはCIDRではありません', 'is not a list of IP addresses or CIDR ranges'),
  })

function isAddressRange(text: string): boolean {
  const [ip = '', bits, ...rest] = text.split('/')
  const version = isIP(ip)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

const shapes = {
  KIZUNA_DATA_DIR: z.string().transform(value => resolve(value)),
  KIZUNA_IMPORT_DIR: z.string().transform(value => resolve(value)),
  DATABASE_URL: address(['postgres:', 'postgresql:']),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, say('ホスト名またはIPアドレスではありません', 'is not a host name or IP address')),
  PORT: wholeNumber(0, 65_535),
  KIZUNA_URL: publicAddress,
  KIZUNA_DEMO: z
    .enum(['on', 'off'], { error: say('on または off ではありません', 'is neither on nor off') })
    .transform(value => value === 'on'),
  KIZUNA_KEYS: keyList,
  SMTP_URL: address(['smtp:', 'smtps:']),
  MAIL_FROM: sender,
  TRUSTED_PROXIES: addressRanges,
  KIZUNA_PRIVATE_TARGETS: addressRanges,
  OTEL_EXPORTER_OTLP_ENDPOINT: address(['http:', 'https:']),
  LOG_LEVEL: z.enum(logLevels, {
    error: say(`次のいずれでもありません: ${logLevels.join('、')}`, `is none of ${logLevels.join(', ')}`),
  }),
  KIZUNA_POOL_SIZE: wholeNumber(1, 500),
  KIZUNA_WORKERS: wholeNumber(1, 200),
  KIZUNA_REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000),
} satisfies Record<SettingName, z.ZodType>

type Values = { [name in SettingName]: z.infer<(typeof shapes)[name]> | undefined }

/**
 * Checks the environment and gives the settings.
 * @throws AppError `invalid_input` that names every fault at once: setting, value (unless secret), what is wrong, example
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const values: Partial<Record<SettingName, unknown>> = {}
  const faults: FieldFault[] = []
  for (const reference of settingReferences) {
    const given = env[reference.name]?.trim() || undefined
    const text = given ?? reference.preset
    if (text === undefined) continue
    const result = shapes[reference.name].safeParse(text)
    if (result.success) {
      values[reference.name] = result.data
      continue
    }
    const [ja = '', en = ''] = (result.error.issues[0]?.message ?? '').split('|')
    const value = reference.secret ? '' : ` ${JSON.stringify(text)}`
    faults.push({
      path: reference.name,
      message: {
        ja: `${reference.name}${value}: ${ja}。例: ${reference.example}`,
        en: `${reference.name}${value} ${en}. Example: ${reference.example}`,
      },
    })
  }
  if (faults.length > 0) throw faultySettings(faults)
  return settingsOf(values as Values, Boolean(env.PORT?.trim()))
}

/** The address people open: the setting, else made from the host and the port that is really used. No slash at the end. */
export function publicUrl(settings: Settings, port = settings.port): string {
  if (settings.url) return settings.url
  // An address that means "every interface" cannot be opened in a browser.
  const host = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(settings.host) ? 'localhost' : settings.host
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function settingsOf(values: Values, portAsked: boolean): Settings {
  return {
    dataDir: values.KIZUNA_DATA_DIR!,
    importDir: values.KIZUNA_IMPORT_DIR ?? join(values.KIZUNA_DATA_DIR!, 'imports'),
    databaseUrl: values.DATABASE_URL,
    host: values.HOST!,
    port: values.PORT!,
    portAsked,
    url: values.KIZUNA_URL,
    demo: values.KIZUNA_DEMO!,
    keys: values.KIZUNA_KEYS,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM!,
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    privateTargets: values.KIZUNA_PRIVATE_TARGETS ?? [],
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: values.LOG_LEVEL!,
    poolSize: values.KIZUNA_POOL_SIZE!,
    workers: values.KIZUNA_WORKERS!,
    requestsPerMinute: values.KIZUNA_REQUESTS_PER_MINUTE!,
  }
}

function faultySettings(faults: FieldFault[]): AppError {
  const list = (locale: 'ja' | 'en') => faults.map(fault => `  - ${fault.message[locale]}`).join('\n')
  return new AppError(
    'invalid_input',
    {
      ja: `設定に誤りがあります（環境変数）:\n${list('ja')}`,
      en: `These settings (environment variables) are wrong:\n${list('en')}`,
    },
    { faults },
  )
}
