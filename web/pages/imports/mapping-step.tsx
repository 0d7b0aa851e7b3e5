import { useMemo } from 'react'
import { dryRunImport, runImport } from '../../../server/collect/imports/contract/imports.ts'
import type { ImportDetail, Inspection, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import { useCommand, wordsOf } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { RadioGroup } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastFailed } from '../../kit/toast.tsx'
import { ColumnTable } from './column-table.tsx'
import { assignmentsAt, folded, useDraft } from './draft.ts'
import { DryResult } from './dry-result.tsx'
import { FileReading } from './file-reading.tsx'
import { PreviewSection, usePreview } from './preview-table.tsx'
import { totalOf } from './state.ts'
import { assignmentsOf } from './targets.ts'

/** Rows that an inspection looks at; a file with fewer is known to its end. */
const sampleRows = 10_000

/** Where the columns go, with what comes of it, and the way to check and to import. */
export function MappingStep({ line, onBack }: { line: ImportDetail; onBack: (() => void) | undefined }) {
  const t = useText()
  const { inspection, draft, saved, reading, readFault, saveFault, refusals, read, change, flush } = useDraft(line)
  const preview = usePreview(line.id, saved, 'all')
  const faults = useMemo(() => assignmentsAt(refusals), [refusals])
  const stale = ['/api/v1/imports']
  const dry = useCommand(dryRunImport, { stale })
  const run = useCommand(runImport, { stale })
  const start = async (command: typeof run) => {
    try {
      await flush()
    } catch (fault) {
      toastFailed(wordsOf(fault, t))
      return
    }
    await command.run({ params: { id: line.id } }).catch(() => {})
  }
  if (!inspection || !draft) {
    return readFault === undefined ? (
      <SkeletonRows rows={8} />
    ) : (
      <Note tone="red" alert>
        <p>{wordsOf(readFault, t)}</p>
        <Button size="small" icon="refresh" onClick={() => void read({})}>
          {t('frame.problem.retry')}
        </Button>
      </Note>
    )
  }
  const total = line.dryCounts
    ? totalOf(line.dryCounts)
    : inspection.sampledRows < sampleRows
      ? inspection.sampledRows
      : null
  const others = refusals.filter(({ path }) => !/^body\.assignments\.\d+/.test(path))
  return (
    <>
      <div className="im-start">
        <Standing
          inspection={inspection}
          mapping={draft}
          faulty={preview.data?.faulty ?? 0}
          checked={preview.data?.checked ?? 0}
        />
        <div className="im-start-buttons">
          {onBack && (
            <Button kind="quiet" onClick={onBack}>
              {t('imports.backToResult')}
            </Button>
          )}
          <Button pending={dry.pending} onClick={() => void start(dry)}>
            {t('imports.dryRun')}
          </Button>
          <Button kind="primary" pending={run.pending} onClick={() => void start(run)}>
            {total === null ? t('imports.runAll') : t('imports.run', { count: total })}
          </Button>
        </div>
      </div>
      {saveFault !== undefined && (
        <Note tone="red" alert>
          <p>{wordsOf(saveFault, t)}</p>
          {others.length > 0 && (
            <ul>
              {others.map(({ path, message }) => (
                <li key={path + message}>{message}</li>
              ))}
            </ul>
          )}
        </Note>
      )}
      {line.dryCounts && saveFault === undefined && draft === saved && (
        <DryResult line={line} counts={line.dryCounts} />
      )}
      {readFault !== undefined && (
        <Note tone="red" alert>
          {wordsOf(readFault, t)}
        </Note>
      )}
      <Section title={t('imports.fileRead')}>
        <FileReading
          inspection={inspection}
          mapping={draft}
          pending={reading}
          onRead={wish => void read(wish)}
          onChange={change}
        />
      </Section>
      <Section title={t('imports.columns')} note={t('imports.columnsNote')} flush>
        <MissingColumns inspection={inspection} mapping={draft} />
        <ColumnTable
          kind={line.kind}
          inspection={inspection}
          mapping={draft}
          preview={preview.data}
          faults={faults}
          onChange={change}
        />
      </Section>
      {saved && <PreviewSection line={line} inspection={inspection} saved={saved} />}
      <Section title={t('imports.policy')}>
        <Policy line={line} mapping={draft} onChange={change} />
      </Section>
    </>
  )
}

/** In one line: how many columns go somewhere, and how many rows will not come in. */
function Standing({
  inspection,
  mapping,
  faulty,
  checked,
}: {
  inspection: Inspection
  mapping: Mapping
  faulty: number
  checked: number
}) {
  const t = useText()
  const format = useFormat()
  const used = inspection.columns.filter(({ name }) => assignmentsOf(mapping, name).length > 0).length
  const fresh = mapping.assignments.filter(({ attribute }) => attribute).length
  return (
    <div className="im-standing">
      <p>
        <strong>{t('imports.mapped', { used, total: inspection.columns.length })}</strong>
      </p>
      <p className="text-t2 text-12">
        {(fresh > 0 || faulty === 0) && t('imports.mappedText', { fresh })}
        {faulty > 0 && (
          <span className="im-bad">
            {t('imports.faultyRows', { count: faulty, checked: format.number(checked), policy: mapping.problems })}
          </span>
        )}
      </p>
    </div>
  )
}

/** Columns of a saved mapping that this file lacks. */
function MissingColumns({ inspection, mapping }: { inspection: Inspection; mapping: Mapping }) {
  const t = useText()
  const format = useFormat()
  const known = new Set(inspection.columns.map(({ name }) => folded(name)))
  const missing = [...new Set(mapping.assignments.map(({ column }) => column))].filter(name => !known.has(folded(name)))
  if (missing.length === 0) return null
  return (
    <Note tone="orange">{t('imports.missingColumns', { columns: format.list(missing), count: missing.length })}</Note>
  )
}

const policies = ['update', 'skip', 'create'] as const
const problemPolicies = ['refuse_row', 'leave_cell'] as const

function Policy({
  line,
  mapping,
  onChange,
}: {
  line: ImportDetail
  mapping: Mapping
  onChange: (part: Partial<Mapping>) => void
}) {
  const t = useText()
  const { locale } = useLocale()
  return (
    <div className="im-policy">
      {line.kind !== 'usage' && (
        <div>
          <RadioGroup
            key={locale}
            label={t('imports.duplicates')}
            name="duplicates"
            value={mapping.duplicates}
            onChange={next => onChange({ duplicates: policies.find(each => each === next) ?? 'update' })}
            options={policies.map(value => ({
              value,
              label: t(`imports.duplicates.${value}`),
              hint: t(`imports.duplicatesHint.${value}`),
            }))}
          />
          <p className="k-hint">{t(`imports.matching.${line.kind}`)}</p>
        </div>
      )}
      <RadioGroup
        label={t('imports.problems')}
        name="problems"
        value={mapping.problems}
        onChange={next => onChange({ problems: problemPolicies.find(each => each === next) ?? 'refuse_row' })}
        options={problemPolicies.map(value => ({
          value,
          label: t(`imports.problems.${value}`),
          hint: t(`imports.problemsHint.${value}`),
        }))}
      />
    </div>
  )
}
