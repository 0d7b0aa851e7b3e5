import type { DomainChecks } from './contract/settings.ts'

/** What a domain says of itself, as found; undefined: nobody answered. */
export interface DomainRecords {
  spf: string[] | undefined
  dkim: string[] | undefined
  dmarc: string[] | undefined
}

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

/** Where the records of a domain stand. */
export function recordHosts({ domain, selector }: Pick<SendingDomain, 'domain' | 'selector'>) {
  return { spf: domain, dkim: `${selector}._domainkey.${domain}`, dmarc: `_dmarc.${domain}` }
}

/** Judges the records of a domain, and says what to enter. */
export function judgeDomain(of: SendingDomain, records: DomainRecords): DomainChecks {
  const hosts = recordHosts(of)
  const mechanism =
    known.find(([host]) => of.server !== undefined && host.test(of.server))?.[1] ?? (of.server ? `a:${of.server}` : 'a')
  const checks = {
    spf: judge(records.spf, /^v=spf1(\s|$)/i, found =>
      found.toLowerCase().split(/\s+/).includes(mechanism.toLowerCase()),
    ),
    dkim: judge(records.dkim, /(^|;)\s*p=/, found => {
      const key = /(?:^|;)\s*p=([^;]*)/.exec(found)?.[1]?.replace(/\s/g, '')
      return key === of.publicKey
    }),
    dmarc: judge(records.dmarc, /^v=DMARC1\s*(;|$)/i, found => /;\s*p=(none|quarantine|reject)\s*(;|$)/i.test(found)),
  }
  const wanted = {
    spf: `v=spf1 ${mechanism} ~all`,
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

/** Two records of a kind are none: receivers then take neither. */
function judge(
  texts: string[] | undefined,
  isOfKind: RegExp,
  isGood: (found: string) => boolean,
): { state: 'good' | 'missing' | 'wrong' | 'unknown'; found: string | null } {
  if (texts === undefined) return { state: 'unknown', found: null }
  const found = texts.filter(text => isOfKind.test(text.trim()))
  if (found.length === 0) return { state: 'missing', found: null }
  const [first = ''] = found
  return {
    state: found.length === 1 && isGood(first.trim()) ? 'good' : 'wrong',
    found: found.join(' | ').slice(0, 1_000),
  }
}
