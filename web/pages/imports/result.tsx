import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { undoImport } from '../../../server/collect/imports/contract/imports.ts'
import type { ImportDetail } from '../../../server/collect/imports/contract/shapes.ts'
import { useCommand } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { CountFacts } from './count-facts.tsx'
import { ReportLinks, RowReport } from './row-report.tsx'
import { SaveMappingDialog } from './save-mapping-dialog.tsx'
import { totalOf } from './state.ts'

const noCounts = { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }

/** What became of an import: counts, each row, undo, and the mapping to keep. */
export function Result({ line, onAgain }: { line: ImportDetail; onAgain: (() => void) | undefined }) {
  const t = useText()
  const { locale } = useLocale()
  const [undoing, setUndoing] = useState(false)
  const [saving, setSaving] = useState(false)
  const counts = (line.mode === 'dry' ? line.dryCounts : line.counts) ?? noCounts
  const isDry = line.mode === 'dry'
  const isOver = line.state === 'done' || line.state === 'cancelled' || line.state === 'failed'
  const mayUndo = isOver && line.kind !== 'usage' && line.counts !== null
  const title =
    line.state === 'undone'
      ? t('imports.undone')
      : line.state === 'done'
        ? counts.created + counts.updated + counts.failed === 0 && counts.unchanged > 0
          ? t('imports.nothingNew', { unchanged: counts.unchanged })
          : t('imports.done', { count: counts.created + counts.updated, failed: counts.failed })
        : t(`imports.ended.${line.state === 'cancelled' ? 'cancelled' : 'failed'}`)
  return (
    <>
      <div className="im-start">
        <div className="im-standing">
          <p>
            <strong>{title}</strong>
          </p>
          <p className="text-t2 text-12">{t('imports.rowsOf', { count: totalOf(counts) })}</p>
        </div>
        <div className="im-start-buttons">
          {mayUndo && (
            <Button icon="undo" onClick={() => setUndoing(true)}>
              {t('imports.undo')}
            </Button>
          )}
          {onAgain && (
            <Button icon="refresh" onClick={onAgain}>
              {t('imports.again')}
            </Button>
          )}
          {line.mapping && line.mappingId === null && (
            <Button onClick={() => setSaving(true)}>{t('imports.saveMapping')}</Button>
          )}
          <ListLink line={line} />
        </div>
      </div>
      {line.fault && (
        <Note tone="red">
          <p>{line.fault[locale]}</p>
        </Note>
      )}
      {line.undo && line.state === 'undone' && <Note tone="green">{t('imports.undoResult', line.undo)}</Note>}
      {line.state === 'cancelled' && !isDry && <Note>{t('imports.cancelledText')}</Note>}
      {!line.fileKept && <Note>{t('imports.fileGone')}</Note>}
      {line.kind === 'usage' && line.state === 'done' && <Note>{t('imports.usageNoUndo')}</Note>}
      {line.state !== 'undone' && (
        <Section
          title={t('imports.outcomes')}
          end={totalOf(counts) > 0 && <ReportLinks line={line} failed={counts.failed} />}
        >
          <div className="grid gap-5">
            <CountFacts counts={counts} dry={isDry} />
            {totalOf(counts) > 0 && <RowReport line={line} counts={counts} dry={isDry} />}
          </div>
        </Section>
      )}
      {undoing && <UndoDialog line={line} onClose={() => setUndoing(false)} />}
      {saving && line.mapping && (
        <SaveMappingDialog
          kind={line.kind}
          mapping={line.mapping}
          fileName={line.fileName}
          onClose={() => setSaving(false)}
        />
      )}
    </>
  )
}

/** Where the records are that came in. */
function ListLink({ line }: { line: ImportDetail }) {
  const t = useText()
  if (line.state === 'undone' || !line.counts) return null
  const to = line.kind === 'contacts' ? '/contacts' : '/customers'
  return (
    <Link to={to} className="k-button" data-kind="primary">
      {t(line.kind === 'contacts' ? 'imports.toContacts' : 'imports.toCustomers')}
    </Link>
  )
}

function UndoDialog({ line, onClose }: { line: ImportDetail; onClose: () => void }) {
  const t = useText()
  const undo = useCommand(undoImport, { stale: ['/api/v1/'] })
  const { created = 0, updated = 0 } = line.counts ?? {}
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('imports.undoTitle', { count: created + updated })}
      text={t('imports.undoText', { created, updated })}
      confirm={t('imports.undoConfirm', { count: created + updated })}
      onConfirm={() => undo.run({ params: { id: line.id } })}
    />
  )
}
