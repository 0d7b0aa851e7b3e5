import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { deleteImport } from '../../../server/collect/imports/contract/imports.ts'
import type { ImportDetail } from '../../../server/collect/imports/contract/shapes.ts'
import { useCommand, wordsOf } from '../../api/hooks.ts'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page, PageHead } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Permitted } from '../settings/permitted.tsx'
import { MappingStep } from './mapping-step.tsx'
import { Result } from './result.tsx'
import { RunProgress } from './run-progress.tsx'
import { isBusy, looks, useImport } from './state.ts'
import { UploadStep } from './upload-step.tsx'
import './imports.css'

/** One import from the upload to its report: what is shown is what its state asks for, so it is found again anywhere. */
export function ImportPage() {
  const t = useText()
  const { id } = useParams({ from: '/workspace/imports/$id' })
  const { data, error, refetch } = useImport(id)
  return (
    <Screen
      title={data?.fileName ?? t('imports.one')}
      crumbs={[{ label: t('imports.title'), to: '/imports' }]}
      actions={data && !isBusy(data) && <ImportMenu line={data} />}
    >
      <Page>
        <Permitted permission="imports.manage">
          {data ? (
            <ImportBody key={data.id} line={data} />
          ) : error ? (
            <EmptyState
              title={t('imports.gone')}
              text={wordsOf(error, t)}
              actions={<Button onClick={() => void refetch()}>{t('frame.problem.retry')}</Button>}
            />
          ) : (
            <SkeletonRows rows={8} />
          )}
        </Permitted>
      </Page>
    </Screen>
  )
}

function ImportBody({ line }: { line: ImportDetail }) {
  const t = useText()
  const format = useFormat()
  const [again, setAgain] = useState(false)
  const busy = isBusy(line)
  useEffect(() => {
    if (busy) setAgain(false)
  }, [busy])
  const look = looks[line.state]
  const facts = [
    t(`imports.kind.${line.kind}`),
    format.bytes(line.size),
    line.createdBy ?? t(`imports.source.${line.source}`),
    format.dateTime(line.createdAt),
  ]
  return (
    <>
      <PageHead text={facts.join(t('imports.dot'))}>
        <Badge tone={look.tone} icon={look.icon}>
          {t(`imports.state.${line.state}`)}
        </Badge>
      </PageHead>
      {line.state === 'uploading' ? (
        <UploadStep line={line} />
      ) : busy ? (
        <RunProgress line={line} />
      ) : line.state === 'ready' || again ? (
        <MappingStep line={line} onBack={again ? () => setAgain(false) : undefined} />
      ) : (
        <Result line={line} onAgain={line.fileKept ? () => setAgain(true) : undefined} />
      )}
    </>
  )
}

function ImportMenu({ line }: { line: ImportDetail }) {
  const t = useText()
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const remove = useCommand(deleteImport, { stale: ['/api/v1/imports'] })
  return (
    <>
      <Menu trigger={<IconButton icon="more" label={t('imports.actionsFor', { name: line.fileName })} />}>
        <MenuItem icon="trash" tone="danger" onSelect={() => setDeleting(true)}>
          {t('imports.delete')}
        </MenuItem>
      </Menu>
      <ConfirmDialog
        open={deleting}
        destroys
        onClose={() => setDeleting(false)}
        title={t('imports.deleteTitle', { name: line.fileName })}
        text={t('imports.deleteText')}
        confirm={t('imports.deleteConfirm')}
        onConfirm={async () => {
          await navigate({ to: '/imports', replace: true })
          await remove.run({ params: { id: line.id } })
          toastDone(t('imports.deleted', { name: line.fileName }))
        }}
      />
    </>
  )
}
