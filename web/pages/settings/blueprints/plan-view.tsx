import { useEffect, useState } from 'react'
import {
  applyBlueprint,
  type BlueprintPlan,
  type BlueprintSource,
  planBlueprint,
} from '../../../../server/blueprints/programmes/contract/blueprints.ts'
import { call } from '../../../api/client.ts'
import { useCommand, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Checkbox } from '../../../kit/field.tsx'
import { PageHead, Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { ChangeList } from './change-list.tsx'
import { Radius } from './radius.tsx'

/** What applying would do, before anything is done: faults, changes, effect on the customers; and the button. */
export function PlanView({ source, onClose }: { source: BlueprintSource; onClose: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const [replaceOthers, setReplaceOthers] = useState(false)
  const { plan, fault, again } = usePlan(source, replaceOthers)
  const apply = useCommand(applyBlueprint, {
    stale: ['/api/v1'],
    onDone: () => {
      toastDone(t('rollback' in source ? 'blueprints.rolledBack' : 'blueprints.applied'))
      onClose()
    },
  })
  const isBlocked = !plan || plan.changes.length === 0 || plan.changes.some(({ problem }) => problem !== null)
  return (
    <>
      <PageHead text={plan?.blueprint ? plan.blueprint.name[locale] : t('blueprints.planning')}>
        <span className="b-actions">
          <Button size="small" onClick={onClose}>
            {t('blueprints.back')}
          </Button>
          <Button
            size="small"
            kind="primary"
            disabled={isBlocked || apply.pending}
            pending={apply.pending}
            onClick={() => {
              const { fingerprint } = plan!
              apply.run({ body: { source, replaceOthers, fingerprint } }).catch(again)
            }}
          >
            {t('rollback' in source ? 'blueprints.rollBack' : 'blueprints.apply')}
          </Button>
        </span>
      </PageHead>
      {!('rollback' in source) && (
        <div className="b-option">
          <Checkbox
            label={t('blueprints.replaceOthers')}
            checked={replaceOthers}
            onChange={event => setReplaceOthers(event.currentTarget.checked)}
          />
        </div>
      )}
      {fault !== undefined ? (
        <EmptyState title={t('blueprints.planFailed')} text={fault} />
      ) : plan ? (
        <Plan plan={plan} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </>
  )
}

function Plan({ plan }: { plan: BlueprintPlan }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { faults, changes, unchanged, warnings, radius } = plan
  if (faults.length > 0) {
    return (
      <Section title={t('blueprints.faults', { count: faults.length })} note={t('blueprints.faultsNote')} flush>
        <ul className="b-faults">
          {faults.map(({ file, line, column, path, message }) => (
            <li key={`${file} ${line} ${column} ${path}`}>
              <code className="k-mono">{`${file}:${line}:${column}`}</code>{' '}
              {path && <code className="k-mono">{path}</code>}
              <p>{message[locale]}</p>
            </li>
          ))}
        </ul>
      </Section>
    )
  }
  const problems = changes.filter(({ problem }) => problem !== null).length
  return (
    <>
      {problems + warnings.length > 0 && (
        <div className="b-notes">
          {problems > 0 && (
            <Note tone="red" alert>
              {t('blueprints.problems', { count: problems })}
            </Note>
          )}
          {warnings.map(warning => (
            <Note key={warning.en} tone="orange">
              {warning[locale]}
            </Note>
          ))}
        </div>
      )}
      {changes.length === 0 ? (
        <EmptyState title={t('blueprints.nothing')} text={t('blueprints.nothingText', { count: unchanged })} />
      ) : (
        <>
          {radius && <Radius radius={radius} />}
          <ChangeList
            title={t('blueprints.changes')}
            note={format.list([
              ...(['create', 'change', 'delete', 'adopt'] as const)
                .map(action => ({ action, count: changes.filter(change => change.action === action).length }))
                .filter(({ count }) => count > 0)
                .map(({ action, count }) => t(`blueprints.count.${action}`, { count })),
              t('blueprints.count.unchanged', { count: unchanged }),
            ])}
            changes={changes}
          />
        </>
      )}
    </>
  )
}

function usePlan(source: BlueprintSource, replaceOthers: boolean) {
  const t = useText()
  const [plan, setPlan] = useState<BlueprintPlan>()
  const [fault, setFault] = useState<string>()
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks for the same plan again
  useEffect(() => {
    let current = true
    setPlan(undefined)
    setFault(undefined)
    call(planBlueprint, { body: { source, replaceOthers } }).then(
      reply => current && setPlan(reply),
      problem => current && setFault(wordsOf(problem, t)),
    )
    return () => {
      current = false
    }
  }, [source, replaceOthers, round, t])
  return { plan, fault, again: () => setRound(before => before + 1) }
}
