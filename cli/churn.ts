import type { Command } from 'commander'
import { type ChurnEvaluation, evaluateChurnFile, exitCode, explainOf, predictOf, trainOf } from '../server/operator.ts'
import type { Words } from '../server/platform/errors/words.ts'
import { command, type Terminal, table } from './terminal.ts'

/** `kizuna churn evaluate`, `train`, `predict`, `explain` */
export function churnCommand(terminal: Terminal): Command {
  return command(terminal, 'churn', { ja: '解約予測モデル', en: 'Models of who leaves' })
    .addCommand(trainCommand(terminal))
    .addCommand(predictCommand(terminal))
    .addCommand(explainCommand(terminal))
    .addCommand(evaluateCommand(terminal))
}

const stages: Record<string, Words> = {
  gathering: { ja: '過去の状態を収集', en: 'gathering the past' },
  'cross-validation': { ja: '交差検証', en: 'cross-validation' },
  'back-test': { ja: '後の期間での試験', en: 'back-test' },
  model: { ja: 'モデルの学習', en: 'the models' },
}

function tenantOption({ say }: Terminal) {
  return [
    '--tenant <slug>',
    say({ ja: '会社（1社だけの場合は省略可）', en: 'the company (not needed where there is one)' }),
  ] as const
}

function trainCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'train', {
    ja: '会社の履歴からモデルを学習し、終わるまで待ちます。',
    en: 'Train a model on the history of a company, and wait for it.',
  })
    .option(...tenantOption(terminal))
    .option('--seed <number>', say({ ja: '乱数の種', en: 'seed; the same one gives the same model' }), '1')
    .option('--promote', say({ ja: '学習後すぐに有効にする', en: 'let it serve at once' }))
    .action(async ({ tenant, seed, promote }: { tenant?: string; seed: string; promote?: boolean }) => {
      let last = ''
      const model = await trainOf({ tenant, seed: Number(seed), promote: promote ?? false }, (stage, share) => {
        const text = `${say(stages[stage] ?? { ja: stage, en: stage })} ${Math.floor(share * 10) * 10} %`
        if (terminal.json || text === last) return
        last = text
        terminal.note({ ja: text, en: text })
      })
      terminal.show(model, () =>
        say(
          model.fault ?? {
            ja: `第${model.version}版: ${model.state}、AUC ${model.auc?.toFixed(3) ?? '-'}、ブライアスコア ${model.brier?.toFixed(3) ?? '-'}（延べ${model.rows}件、解約 ${model.positives}件）`,
            en: `Version ${model.version}: ${model.state}, AUC ${model.auc?.toFixed(3) ?? '-'}, Brier ${model.brier?.toFixed(3) ?? '-'} (${model.rows} observations, ${model.positives} left)`,
          },
        ),
      )
      if (model.fault) process.exitCode = exitCode.refused
    })
}

function predictCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'predict', {
    ja: 'すべての顧客の解約スコアを計算し直します。',
    en: 'Judge all customers anew.',
  })
    .option(...tenantOption(terminal))
    .action(async ({ tenant }: { tenant?: string }) => {
      const overview = await predictOf({ tenant })
      terminal.show(overview, () =>
        say({
          ja: `${overview.customers}社を計算しました。しきい値${overview.threshold}以上は${overview.warned}社です。`,
          en: `${overview.customers} customers were judged; ${overview.warned} are at or above the threshold of ${overview.threshold}.`,
        }),
      )
    })
}

function explainCommand(terminal: Terminal): Command {
  const { say, locale } = terminal
  return command(terminal, 'explain', {
    ja: '顧客の解約スコアの理由を表示します。',
    en: 'Say why a customer has its churn score.',
  })
    .argument('<customer>', say({ ja: 'ID、外部ID、または名前', en: 'id, external id, or name' }))
    .option(...tenantOption(terminal))
    .action(async (customer: string, { tenant }: { tenant?: string }) => {
      const churn = await explainOf(customer, { tenant })
      const line = ({ words, part }: (typeof churn.factors)[number]) =>
        `  ${part > 0 ? '+' : ''}${part.toFixed(1)}  ${words[locale]}`
      terminal.show(churn, () =>
        [
          `${churn.name}: ${churn.score} (${churn.band})`,
          ...churn.factors.map(line),
          ...churn.protective.map(line),
          ...churn.actions.map(({ words }) => `→ ${words[locale]}`),
        ].join('\n'),
      )
    })
}

interface EvaluateOptions {
  csv: string
  target: string
  positive?: string
  seed: string
  trees: string
}

function evaluateCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'evaluate', {
    ja: '1行1顧客のファイルでモデルの精度を評価します（層化5分割交差検証。データベースは使いません）。',
    en: 'Find out how well models tell who leaves, on a file of one customer a row (5 stratified folds; no database).',
  })
    .requiredOption(
      '--csv <file>',
      say({
        ja: '見出し行のあるファイル（区切り文字と文字コードは自動判定）',
        en: 'a file with a header; delimiter and encoding are found',
      }),
    )
    .requiredOption('--target <column>', say({ ja: '解約したかどうかを表す列', en: 'the column that says who left' }))
    .option(
      '--positive <value>',
      say({ ja: '解約を表す値（省略すると意味から判定）', en: 'the value that means leaving (found by its meaning)' }),
    )
    .option('--seed <number>', say({ ja: '乱数の種', en: 'seed; the same one gives the same result' }), '1')
    .option('--trees <number>', say({ ja: 'フォレストの木の数', en: 'trees of the forest' }), '250')
    .action(async ({ csv, target, positive, seed, trees }: EvaluateOptions) => {
      let last = 0
      const evaluation = await evaluateChurnFile({ file: csv, target, positive, seed, trees }, share => {
        const percent = Math.floor(share * 10) * 10
        if (terminal.json || percent <= last) return
        last = percent
        terminal.note({ ja: `${percent} %`, en: `${percent} %` })
      })
      terminal.show(evaluation, () => told(terminal, evaluation))
    })
}

const methodNames: Record<string, Words> = {
  forest: { ja: 'ランダムフォレスト', en: 'random forest' },
  boosting: { ja: '勾配ブースティング', en: 'boosted trees' },
  logistic: { ja: 'ロジスティック回帰', en: 'logistic regression' },
  never: { ja: '常に「継続」と予測', en: 'always "stays"' },
}

const reasons: Record<string, Words> = {
  leak: { ja: '結果を含む疑い（リーク）', en: 'gives the outcome away (leak)' },
  identifier: { ja: '識別子', en: 'identifier' },
  constant: { ja: 'すべて同じ値', en: 'always the same' },
  empty: { ja: '値がない', en: 'empty' },
}

const positiveReasons: Record<ChurnEvaluation['positiveReason'], Words> = {
  asked: { ja: '指定', en: 'as asked' },
  meaning: { ja: '値の意味から判定', en: 'by its meaning' },
  rarer: { ja: '少ないほうの値。異なる場合は --positive で指定', en: 'the rarer value; say otherwise by --positive' },
}

function told({ say, locale }: Terminal, evaluation: ChurnEvaluation): string {
  const { rows, positives, prevalence, leftOut, columns, refused, methods, proposed, folds } = evaluation
  const whole = (value: number) => value.toLocaleString(locale)
  const percent = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(1)} %`)
  const decimal = (value: number | null) => (value === null ? '-' : value.toFixed(4))
  const kinds = { number: columns.filter(({ kind }) => kind === 'number').length, all: columns.length }
  const why = say(positiveReasons[evaluation.positiveReason])
  const missing =
    leftOut === 0
      ? ''
      : say({ ja: `、結果が空の${whole(leftOut)}行を除外`, en: `; ${whole(leftOut)} without an outcome are left out` })
  const head = [
    say({
      ja: `${whole(rows)}行（${evaluation.target} = ${evaluation.positive}: ${whole(positives)}行、${percent(prevalence)}）${missing}`,
      en: `${whole(rows)} rows (${evaluation.target} = ${evaluation.positive}: ${whole(positives)}, ${percent(prevalence)})${missing}`,
    }),
    say({ ja: `解約を表す値: ${evaluation.positive}（${why}）`, en: `Means leaving: ${evaluation.positive} (${why})` }),
    say({
      ja: `使用した列: ${kinds.all}（数値 ${kinds.number}、カテゴリ ${kinds.all - kinds.number}）`,
      en: `Columns used: ${kinds.all} (${kinds.number} of numbers, ${kinds.all - kinds.number} of categories)`,
    }),
    ...refused.map(({ name, reason, auc }) => {
      const area = auc === undefined ? '' : `, AUC ${decimal(auc)}`
      return say({
        ja: `除外した列: ${name}（${reasons[reason]?.ja}${area}）`,
        en: `Refused: ${name} (${reasons[reason]?.en}${area})`,
      })
    }),
  ]
  const lines = methods.map(method => [
    say(methodNames[method.name] ?? { ja: method.name, en: method.name }),
    decimal(method.auc),
    percent(method.accuracy),
    percent(method.precision),
    percent(method.recall),
    decimal(method.f1),
    decimal(method.brier),
    decimal(method.calibrationError),
    method.seconds.toFixed(1),
  ])
  const headings = [
    say({ ja: '手法', en: 'method' }),
    'AUC',
    say({ ja: '正解率', en: 'accuracy' }),
    say({ ja: '適合率', en: 'precision' }),
    say({ ja: '再現率', en: 'recall' }),
    'F1',
    'Brier',
    say({ ja: '校正誤差', en: 'calibration error' }),
    say({ ja: '学習（秒）', en: 'training (s)' }),
  ]
  const name = methodNames[proposed]!
  const foot = say({
    ja: `層化${folds}分割の平均。しきい値は各分割の学習データだけで選択。推奨: ${name.ja}（全体で${evaluation.seconds.toFixed(1)}秒）`,
    en: `Means of ${folds} stratified folds; thresholds are chosen in each fold's training part. Proposed: ${name.en} (${evaluation.seconds.toFixed(1)} s in all)`,
  })
  return [...head, '', table(headings, lines), '', foot].join('\n')
}
