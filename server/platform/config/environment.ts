import type { Locale } from '../errors/words.ts'
import type { SettingName } from './reference.ts'
import { readSettings, type Settings } from './settings.ts'

let known: Settings | undefined

/** The settings of this process, read from its environment when first asked for. @throws AppError as `readSettings` */
export function settings(): Settings {
  known ??= readSettings(process.env)
  return known
}

/** The environment for a child process: this one's, with some settings replaced. */
export function childEnvironment(replaced: Partial<Record<SettingName, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...replaced }
}

/** The environment for a program of another origin: only what finding other programs and the time zone files needs. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

/** The language of the terminal, in the order of POSIX: LC_ALL, LC_MESSAGES, LANG. English unless they say Japanese. */
export function terminalLocale(): Locale {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  return /^ja/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'ja' : 'en'
}
