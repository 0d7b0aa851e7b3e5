import { CommanderError } from 'commander'
import { exitCode, failureOf } from '../server/operator.ts'
import type { Words } from '../server/platform/errors/words.ts'
import type { Terminal } from './terminal.ts'

/** Tells a failure in the language of the terminal, for programs as JSON as well. @returns exit code */
export function tellFailure(terminal: Terminal, error: unknown): number {
  // Help and version end the same way, and are none.
  if (error instanceof CommanderError && error.exitCode === 0) return exitCode.well
  const failure = error instanceof CommanderError ? misuse(error) : failureOf(error)
  const message = terminal.say(failure.words)
  if (terminal.json) {
    terminal.show({ error: { code: failure.code, message, exitCode: failure.exitCode } }, () => '')
  }
  process.stderr.write(`${message}\n`)
  return failure.exitCode
}

/** What commander found wrong with the arguments, in our words. */
function misuse(error: CommanderError): { code: string; words: Words; exitCode: number } {
  const named = /'([^']+)'/.exec(error.message)?.[1] ?? ''
  const reasons: Record<string, Words> = {
    'commander.missingArgument': { ja: `引数 ${named} が必要です。`, en: `The argument ${named} is missing.` },
    'commander.optionMissingArgument': {
      ja: `オプション ${named} には値が必要です。`,
      en: `The option ${named} needs a value.`,
    },
    'commander.missingMandatoryOptionValue': {
      ja: `オプション ${named} が必要です。`,
      en: `The option ${named} is required.`,
    },
    'commander.unknownOption': { ja: `オプション ${named} はありません。`, en: `There is no option ${named}.` },
    'commander.unknownCommand': { ja: `コマンド ${named} はありません。`, en: `There is no command ${named}.` },
    'commander.excessArguments': { ja: '引数が多すぎます。', en: 'There are too many arguments.' },
    'commander.help': { ja: 'コマンドを指定してください。', en: 'Name a command.' },
  }
  const reason = reasons[error.code] ?? { ja: error.message, en: error.message }
  return {
    code: 'invalid_input',
    words: {
      ja: `${reason.ja}「kizuna --help」で使い方を確認できます。`,
      en: `${reason.en} See "kizuna --help".`,
    },
    exitCode: exitCode.wrongSettings,
  }
}
