import type { Command } from 'commander'
import { createDemo } from '../server/operator.ts'
import { command, type Terminal } from './terminal.ts'

interface DemoOptions {
  customers: string
  months: string
  seed: string
  slug?: string
}

/** `kizuna demo` */
export function demoCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'demo', {
    ja: '見本の会社を作成します。同じシードからは同じ会社ができます。',
    en: 'Make a demo company. The same seed makes the same company.',
  })
    .option('--customers <number>', say({ ja: '顧客数（50〜210,200）', en: 'customers (50 to 210,200)' }), '300')
    .option('--months <number>', say({ ja: '期間（月数、1〜60）', en: 'months that are told (1 to 60)' }), '18')
    .option('--seed <number>', say({ ja: '乱数のシード', en: 'seed of the chances' }), '1')
    .option('--slug <text>', say({ ja: 'アドレスに使う名前（英小文字）', en: 'its name in addresses' }))
    .action(async (options: DemoOptions) => {
      let told = 0
      const made = await createDemo(options, done => {
        const percent = Math.floor((done / Number(options.customers)) * 10) * 10
        if (percent <= told) return
        told = percent
        terminal.note({ ja: `${percent}% ${done}社`, en: `${percent}% ${done} customers` })
      })
      terminal.show(made, () =>
        [
          say({ ja: `見本の会社を作成しました: ${made.slug}`, en: `Made ${made.slug}.` }),
          made.password
            ? say({
                ja: `${made.email} / ${made.password} でサインインできます。`,
                en: `Sign in as ${made.email} with ${made.password}.`,
              })
            : say({
                ja: `${made.email} でサインインし、会社を切り替えてください。`,
                en: `Sign in as ${made.email} and switch to it.`,
              }),
        ].join('\n'),
      )
    })
}
