import { cancelImport } from '../../../server/collect/imports/contract/imports.ts'
import type { ImportDetail } from '../../../server/collect/imports/contract/shapes.ts'
import { useCommand } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Section } from '../../kit/layout.tsx'
import { CountFacts } from './count-facts.tsx'
import { ProgressBar } from './progress-bar.tsx'

/** A run under way: how far it is, what became of the rows so far, and the way to stop it. */
export function RunProgress({ line }: { line: ImportDetail }) {
  const t = useText()
  const format = useFormat()
  const cancel = useCommand(cancelImport, { stale: ['/api/v1/imports'] })
  const work = line.state === 'undoing' ? 'undo' : line.mode === 'dry' ? 'dry' : 'real'
  const counts = line.mode === 'dry' ? line.dryCounts : line.counts
  return (
    <Section title={t(`imports.working.${work}`)} note={work === 'undo' ? undefined : format.percent(line.progress)}>
      <div className="grid gap-5">
        <ProgressBar label={t(`imports.working.${work}`)} share={line.progress}>
          {line.cancelling
            ? t('imports.cancelling')
            : line.state === 'queued'
              ? t('imports.waiting')
              : work === 'undo'
                ? t('imports.undoingText', { count: (line.undo?.removed ?? 0) + (line.undo?.restored ?? 0) })
                : t('imports.rowsDone', { count: line.rows })}
        </ProgressBar>
        {work !== 'undo' && counts && <CountFacts counts={counts} dry={work === 'dry'} />}
        <div className="flex items-center gap-3 flex-wrap">
          {work !== 'undo' && (
            <Button
              icon="close"
              pending={cancel.pending || line.cancelling}
              onClick={() => void cancel.run({ params: { id: line.id } }).catch(() => {})}
            >
              {t(`imports.cancel.${work}`)}
            </Button>
          )}
          <p className="text-t3 text-12">{t('imports.mayLeave')}</p>
        </div>
      </div>
    </Section>
  )
}
