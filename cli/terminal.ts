import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import type { Locale, Words } from '../server/platform/errors/words.ts'

/** What a command line is read from and written to: a person in their language, or a program as JSON. */
export interface Terminal {
  locale: Locale
  /** One JSON value on standard output, everything else on the error output. */
  json: boolean
  say(words: Words): string
  /** The result of a command: the value itself for programs, `told` for people. */
  show(value: unknown, told: () => string): void
  /** Something to know beside the result. */
  note(words: Words): void
}

export function openTerminal(locale: Locale, json: boolean): Terminal {
  const say = (words: Words) => words[locale]
  return {
    locale,
    json,
    say,
    show(value, told) {
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${told()}\n`)
    },
    note(words) {
      process.stderr.write(`${say(words)}\n`)
    },
  }
}

const headings: Record<string, Words> = {
  'Usage:': { ja: '使い方:', en: 'Usage:' },
  'Options:': { ja: 'オプション:', en: 'Options:' },
  'Commands:': { ja: 'コマンド:', en: 'Commands:' },
  'Arguments:': { ja: '引数:', en: 'Arguments:' },
}

/** A command with help in the language of the terminal, and the options that all have. */
export function command(terminal: Terminal, name: string, description: Words): Command {
  const { say } = terminal
  return new Command(name)
    .description(say(description))
    .helpOption('-h, --help', say({ ja: 'ヘルプを表示', en: 'show this help' }))
    .helpCommand(false)
    .option('--json', say({ ja: '結果をJSONで出力', en: 'print the result as JSON' }))
    .option('--lang <ja|en>', say({ ja: '表示言語', en: 'language of the output' }))
    .configureHelp({ styleTitle: title => (headings[title] ? say(headings[title]) : title) })
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError(false)
    .exitOverride()
}

/** Rows under their headings, columns by the width of what they hold (Japanese characters take two places). */
export function table(headings: string[], rows: string[][]): string {
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map(row => row[column] ?? '')].map(widthOf)),
  )
  const line = (row: string[]) =>
    row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))).join('  ')
  return [headings, ...rows].map(row => line(row).trimEnd()).join('\n')
}

function widthOf(cell: string): number {
  return [...cell].reduce(
    (width, character) => width + (/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/u.test(character) ? 2 : 1),
    0,
  )
}

/** The first line of standard input, for a password. */
export async function readPassword(): Promise<string> {
  return (await text(process.stdin)).split(/\r?\n/)[0] ?? ''
}

/** Asks a person; nobody at the keyboard means no. */
export async function confirmed(terminal: Terminal, question: Words): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await reader.question(`${terminal.say(question)} [y/N] `)
  reader.close()
  return /^y(es)?$/i.test(answer.trim())
}
