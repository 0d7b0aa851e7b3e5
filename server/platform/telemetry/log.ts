import { type Logger, multistream, pino } from 'pino'

export type Log = Logger

/**
 * Structured log on standard output, one JSON object a line. Values are never user data: ids, codes, durations.
 * What a careless caller could pass along is cut out.
 * @param also a second receiver of the same lines
 */
export function createLog(level: string, also?: NodeJS.WritableStream): Log {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['*.password', '*.token', '*.cookie', '*.authorization', '*.email', 'req.headers'], remove: true },
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (!also) return pino(options)
  return pino(
    options,
    multistream([
      { stream: process.stdout, level: 'trace' },
      { stream: also, level: 'trace' },
    ]),
  )
}
