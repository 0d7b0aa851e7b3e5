import { type Logger, pino } from 'pino'

export type Log = Logger

/**
 * Structured log on standard output, one JSON object a line. Values are never user data: ids, codes, durations.
 * What a careless caller could pass along is cut out.
 */
export function createLog(level: string): Log {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['*.password', '*.token', '*.cookie', '*.authorization', '*.email', 'req.headers'], remove: true },
    formatters: { level: label => ({ level: label }) },
  })
}
