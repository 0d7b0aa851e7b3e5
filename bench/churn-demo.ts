/**
 * How well the product tells who leaves a demo company, beside what the demo's own truth tells: a company of its own is
 * filled by the generator, the product looks at its customers on past days, learns, and judges customers that it had not
 * seen. The peer is the generator's true probability for the same customers on the same days
 * (`server/collect/demo/truth.ts`), which sees what the product can only see the traces of. Beside the ranking: whether
 * the first three reasons hold the cause that was planted.
 *
 * Arguments: customers (3,000), seed (77).
 */
import { churnSettings } from '../server/signals/churn/contract/settings.ts'
import { ceilings } from './support/demo-ceiling.ts'
import { besideObserver, judge, samplesOf, wrongLabels } from './support/demo-judgement.ts'
import { observeDemo } from './support/demo-observations.ts'
import { aims, type Figures, figuresOf, intervalOf, ratioOf, type Sample } from './support/figures-by-customer.ts'
import { tellReasons } from './support/planted-causes.ts'
import { report } from './support/report.ts'

const [customers = 3_000, seed = 77] = process.argv.slice(2).map(Number)
const { horizonDays } = churnSettings.parse({})

for (const { drawn, sample } of ceilings())
  tell(`Truth alone, ${drawn}; probabilities as they are without the choice`, sample)

const observed = await observeDemo({ customers, months: 18, seed })
const { set, seconds } = observed
const wrong = wrongLabels(observed, horizonDays)
if (wrong > 0) throw new Error(`${wrong} labels are not what the generator's stories say.`)
const judged = judge(observed, horizonDays)
const spent = Object.entries({ ...seconds, ...judged.seconds }).map(([what, time]) => `${what} ${time.toFixed(0)} s`)
console.log(
  `\n${customers} customers over 18 months: ${set.table.rows} rows, ${judged.features} features; ${spent.join(', ')}`,
)
const told = samplesOf(observed, judged.methods).map(({ drawn, sample }) => tell(`Product, ${drawn}`, sample))
const beside = tell(
  'Product, some of the customers, beside the best observer of what can be seen',
  besideObserver(observed, judged.methods, horizonDays),
)
// The product proposes the better ranking of the two.
const natural = told[0]!
const best = natural[0]!.auc.value >= natural[1]!.auc.value ? 0 : 1
console.log('\nReasons of customers that left within 30 days, in trouble that had begun:')
const named = judged.methods.slice(0, 2).map(({ name }) => tellReasons(name, judged.reasons[name]!))

const asAsked = told[2]!
const [model, truth] = [asAsked[best]!, asAsked.at(-1)!]
const sizes = `${customers} customers, 1 left to 5 stayed`
const peer = 'true probabilities of the generator'
for (const [what, key] of [
  ['F1', 'f1'],
  ['area under the ROC curve', 'auc'],
] as const) {
  report({
    bench: `churn of the demo, ${judged.methods[best]!.name}, ${sizes}: ${what}`,
    figure: model[key].value,
    unit: 'share',
    peer,
    peerFigure: truth[key].value,
    ratio: model[key].value / truth[key].value,
    aim: 0.97,
  })
}
// What the truth knows and nobody can see is not to be had: the observer knows all rules and all use.
const [own, observer] = [beside[best]!, beside.at(-2)!]
for (const [what, key] of [
  ['F1', 'f1'],
  ['area under the ROC curve', 'auc'],
] as const) {
  report({
    bench: `churn of the demo, ${judged.methods[best]!.name}, every monthly day of some customers: ${what}`,
    figure: own[key].value,
    unit: 'share',
    peer: 'a particle filter that knows the generator and sees all use',
    peerFigure: observer[key].value,
    ratio: own[key].value / observer[key].value,
    aim: 0.97,
  })
}
report({
  bench: `churn of the demo, ${judged.methods[best]!.name}: planted cause among the first three reasons`,
  figure: named[best]!,
  unit: 'share',
  peer: null,
  peerFigure: null,
  ratio: null,
  aim: 0.8,
})

/** Prints the figures of a sample, and what share of the truth's (the last method's) they are. */
function tell(name: string, sample: Sample): Figures[] {
  const left = sample.labels.reduce((sum, label) => sum + label, 0)
  const rows = sample.labels.length
  const people = new Set(sample.customers).size
  console.log(
    `\n${name}: ${rows} rows of ${people} customers, ${left} left within ${horizonDays} days (prevalence ${((left / rows) * 100).toFixed(1)} %)`,
  )
  const figures = figuresOf(sample)
  const truth = figures.at(-1)!
  for (const [place, own] of figures.entries()) {
    const shares =
      own === truth
        ? ''
        : `; of the truth: AUC ${intervalOf(ratioOf(own.auc, truth.auc))}, F1 ${intervalOf(ratioOf(own.f1, truth.f1))}`
    console.log(
      `${sample.methods[place]!.name}: AUC ${intervalOf(own.auc)}, best F1 ${intervalOf(own.f1)}, ` +
        `precision at recall ${aims.recall} ${intervalOf(own.precisionAtRecall)}, ` +
        `recall at precision ${aims.precision} ${intervalOf(own.recallAtPrecision)}, ` +
        `Brier ${intervalOf(own.brier)}, calibration error ${intervalOf(own.calibrationError)}${shares}`,
    )
  }
  return figures
}
