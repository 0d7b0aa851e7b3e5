import type { DomainChecks } from './contract/settings.ts'
import { isSpf, judgeSpf, type LookUp, type SendingHost, type SpfVerdict, versionOf } from './spf.ts'

export interface SendingDomain {
  domain: string
  selector: string
  /** Base64 of DER. */
  publicKey: string
  /** Host of the SMTP server; undefined without one. */
  server: string | undefined
}

/** Hosts of big senders, and what their customers enter for them. */
const known: [RegExp, string][] = [
  [/(^|\.)amazonaws\.com$/, 'include:amazonses.com'],
  [/(^|\.)sendgrid\.net$/, 'include:sendgrid.net'],
  [/(^|\.)(google|gmail)\.com$/, 'include:_spf.google.com'],
  [/(^|\.)office365\.com$/, 'include:spf.protection.outlook.com'],
  [/(^|\.)mailgun\.org$/, 'include:mailgun.org'],
]

function sendingHost(server: string | undefined): SendingHost {
  const include = known.find(([host]) => server !== undefined && host.test(server))?.[1]
  if (include) return { mechanism: include, server, isProvider: true }
  // As an address writes it, one of version 6 stands in brackets.
  const bare = server?.toLowerCase().replace(/^\[|\]$/g, '')
  const version = versionOf(bare ?? '')
  const mechanism = bare === undefined ? 'a' : `${version > 0 ? `ip${version}` : 'a'}:${bare}`
  return { mechanism, server: bare, isProvider: false }
}

/** Looks at the records of a domain, judges them, and says what to enter. */
export async function judgeDomain(of: SendingDomain, lookUp: LookUp): Promise<DomainChecks> {
  const { domain } = of
  const hosts = { spf: domain, dkim: `${of.selector}._domainkey.${domain}`, dmarc: `_dmarc.${domain}` }
  const host = sendingHost(of.server)
  const textsOf = (place: string) => lookUp.texts(place).catch(() => undefined)
  const [spf, dkim, dmarc] = await Promise.all([textsOf(hosts.spf), textsOf(hosts.dkim), textsOf(hosts.dmarc)])
  const checks = {
    spf: await judge(spf, isSpf, found => judgeSpf(domain, found, host, lookUp)),
    dkim: await judge(dkim, /(^|;)\s*p=/, found => {
      const key = /(?:^|;)\s*p=([^;]*)/.exec(found)?.[1]?.replace(/\s/g, '')
      return goodIf(key === of.publicKey)
    }),
    dmarc: await judge(dmarc, /^v=DMARC1\s*(;|$)/i, found =>
      goodIf(/;\s*p=(none|quarantine|reject)\s*(;|$)/i.test(found)),
    ),
  }
  const wanted = {
    spf: `v=spf1 ${host.mechanism} ~all`,
    dkim: `v=DKIM1; k=rsa; p=${of.publicKey}`,
    dmarc: `v=DMARC1; p=none; rua=mailto:postmaster@${of.domain}`,
  }
  return (['spf', 'dkim', 'dmarc'] as const).map(kind => ({
    kind,
    ...checks[kind],
    host: hosts[kind],
    wanted: wanted[kind],
  }))
}

const goodIf = (isGood: boolean): SpfVerdict => ({ state: isGood ? 'good' : 'wrong' })

/** Two records of a kind are none: receivers then take neither. */
async function judge(
  texts: string[] | undefined,
  isOfKind: RegExp,
  judgeOne: (found: string) => SpfVerdict | Promise<SpfVerdict>,
): Promise<Pick<DomainChecks[number], 'state' | 'found' | 'reason'>> {
  if (texts === undefined) return { state: 'unknown', found: null }
  const [first, ...others] = texts.map(text => text.trim()).filter(text => isOfKind.test(text))
  if (first === undefined) return { state: 'missing', found: null }
  const found = [first, ...others].join(' | ').slice(0, 1_000)
  if (others.length > 0) return { state: 'wrong', reason: 'several', found }
  return { ...(await judgeOne(first)), found }
}
