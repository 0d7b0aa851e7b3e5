import type { Command } from 'commander'
import { keptMails } from '../server/operator.ts'
import { command, type Terminal } from './terminal.ts'

/** `kizuna mailbox` */
export function mailboxCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'mailbox', {
    ja: 'SMTPサーバーがないため送信されなかったメールを、新しい順に表示します。',
    en: 'Show the mails that were kept since there is no SMTP server, newest first.',
  })
    .option('--last <number>', say({ ja: '表示する件数（既定: 10）', en: 'how many (10 unless given)' }))
    .action(async ({ last }: { last?: string }) => {
      const mails = await keptMails(Math.min(Math.max(Math.trunc(Number(last)) || 10, 1), 1_000))
      terminal.show(mails, () =>
        mails.length === 0
          ? say({ ja: 'メールはありません。', en: 'There are none.' })
          : mails
              .map(({ createdAt, to, subject, link }) =>
                [`${createdAt}  ${to}`, `  ${subject}`, `  ${link ?? '-'}`].join('\n'),
              )
              .join('\n\n'),
      )
    })
}
