/** Why an opening or a click is no person's; null: it may be one. */
export type Machine = 'agent' | 'prompt' | 'head' | null

/** Programs that look at mails before people do, or instead of them. Names as they call themselves; matched without regard to case. */
const programs = [
  'bot',
  'crawler',
  'spider',
  'preview',
  'scanner',
  'safelinks',
  'proofpoint',
  'mimecast',
  'barracuda',
  'symantec',
  'fireeye',
  'trendmicro',
  'cisco',
  'ironport',
  'sophos',
  'forcepoint',
  'zscaler',
  'checkpoint',
  'curl',
  'wget',
  'python-requests',
  'python-urllib',
  'go-http-client',
  'okhttp',
  'java/',
  'libwww',
  'headlesschrome',
  'phantomjs',
  'googleimageproxy',
  'yahoomailproxy',
  'facebookexternalhit',
  'slackbot',
  'skypeuripreview',
]
/** Pictures that a mail provider fetches when a person opens: they count, although a program asks. */
const openers = ['googleimageproxy', 'yahoomailproxy']

/** Seconds after which a person can have read a mail: what comes sooner is a scanner. */
const soonest = 5

/**
 * Judges who opened or clicked. Marked, never left out.
 * @param seconds since the server took the message; 0: it has not said so yet
 */
export function machineOf(
  kind: 'open' | 'click',
  { method, agent, seconds }: { method: string; agent: string; seconds: number },
): Machine {
  if (method === 'HEAD') return 'head'
  const name = agent.toLowerCase()
  const isOpener = kind === 'open' && openers.some(program => name.includes(program))
  if (!isOpener && (name === '' || programs.some(program => name.includes(program)))) return 'agent'
  return seconds < soonest ? 'prompt' : null
}
