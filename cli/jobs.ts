import type { Command } from 'commander'
import { cancelJob, listJobs, retryJob } from '../server/operator.ts'
import type { Words } from '../server/platform/errors/words.ts'
import { command, type Terminal, table } from './terminal.ts'

/** `kizuna jobs list`, `kizuna jobs retry`, `kizuna jobs cancel` */
export function jobsCommand(terminal: Terminal): Command {
  const { say } = terminal
  const list = command(terminal, 'list', {
    ja: 'すべての会社のジョブを新しい順に表示します（最大1,000件）。',
    en: 'List the jobs of all companies, newest first (1,000 at most).',
  })
    .option('--failed', say({ ja: '失敗したジョブだけを表示', en: 'only those that failed' }))
    .option('--name <name>', say({ ja: 'この種類のジョブだけを表示', en: 'only those of this name' }))
    .action(async ({ failed = false, name }: { failed?: boolean; name?: string }) => {
      const jobs = await listJobs({ failed, name })
      terminal.show(jobs, () =>
        jobs.length === 0
          ? say({ ja: 'ジョブはありません。', en: 'There are none.' })
          : table(
              [
                'id',
                say({ ja: '会社', en: 'company' }),
                say({ ja: 'ジョブ', en: 'job' }),
                say({ ja: '状態', en: 'state' }),
                say({ ja: '試行', en: 'attempts' }),
                say({ ja: '最後のエラー', en: 'last error' }),
              ],
              jobs.map(job => [
                `${job.id}`,
                job.tenant ?? '-',
                job.name,
                say(states[job.state]),
                `${job.attempts}/${job.maxAttempts}`,
                job.lastError ?? '-',
              ]),
            ),
      )
    })
  return command(terminal, 'jobs', { ja: 'ジョブ（バックグラウンド処理）', en: 'Jobs (work in the background)' })
    .addCommand(list)
    .addCommand(
      change('retry', retryJob, {
        about: {
          ja: '失敗または待機中のジョブをすぐに再実行します。',
          en: 'Try a failed or waiting job again at once.',
        },
        done: { ja: 'まもなく再実行されます。', en: 'It is tried again in a moment.' },
      }),
    )
    .addCommand(
      change('cancel', cancelJob, {
        about: { ja: '失敗または待機中のジョブを中止します。', en: 'Set a failed or waiting job aside for good.' },
        done: { ja: '中止しました。', en: 'It is cancelled.' },
      }),
    )

  function change(name: string, work: (id: string) => Promise<void>, words: { about: Words; done: Words }): Command {
    return command(terminal, name, words.about)
      .argument('<id>', say({ ja: 'ジョブのID（「kizuna jobs list」で確認）', en: 'its id; see "kizuna jobs list"' }))
      .action(async (id: string) => {
        await work(id)
        terminal.show({ id: Number(id) }, () => say(words.done))
      })
  }
}

const states: Record<'waiting' | 'delayed' | 'leased' | 'failed' | 'cancelled', Words> = {
  waiting: { ja: '待機中', en: 'waiting' },
  delayed: { ja: '待機中', en: 'waiting' },
  leased: { ja: '実行中', en: 'running' },
  failed: { ja: '失敗', en: 'failed' },
  cancelled: { ja: '中止', en: 'cancelled' },
}
