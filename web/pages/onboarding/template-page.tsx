import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import {
  deleteOnboardingTemplate,
  getOnboardingTemplate,
  updateOnboardingTemplate,
  type WholeTemplate,
} from '../../../server/engage/onboarding/contract/templates.ts'
import { useCommand, useRouteWhen, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { IconButton } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { copyOf, draftOf, emptyDraft } from './draft.ts'
import { TemplateEditor } from './template-editor.tsx'
import { TemplateView } from './template-view.tsx'
import './onboarding.css'

/** A template to read, to change, or to make: empty, or from another one. */
export function OnboardingTemplatePage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/onboarding/templates/$id' })
  const { edit, from } = useSearch({ from: '/workspace/onboarding/templates/$id' })
  const isNew = id === 'new'
  const mayManage = useMay('onboarding.manage')
  const asked = isNew ? from : id
  const { data, error } = useRouteWhen(asked !== undefined, getOnboardingTemplate, { params: { id: asked ?? '' } })
  const template = data?.id === asked ? data : undefined
  const isEditing = mayManage && (isNew || edit === true)
  const name = template ? nameOf(template, locale) : t('onboarding.template')
  const title = isNew ? t('onboarding.edit.new') : name
  return (
    <Screen
      title={title}
      crumbs={[{ label: t('onboarding.title'), to: '/onboarding' }]}
      actions={template && mayManage && !isEditing && <TemplateActions template={template} />}
    >
      <Page>
        {error && !template ? (
          <EmptyState title={t('onboarding.failed')} text={wordsOf(error, t)} />
        ) : asked !== undefined && !template ? (
          <SkeletonRows rows={8} />
        ) : !isEditing ? (
          template && <TemplateView template={template} />
        ) : isNew ? (
          <TemplateMaker from={template} />
        ) : (
          template && <TemplateChanger key={template.id} template={template} />
        )}
      </Page>
    </Screen>
  )
}

function TemplateMaker({ from }: { from: WholeTemplate | undefined }) {
  const [first] = useState(() => (from ? copyOf(from) : emptyDraft()))
  return (
    <div className="ob-editor">
      <TemplateEditor first={first} />
    </div>
  )
}

function TemplateChanger({ template }: { template: WholeTemplate }) {
  const [first] = useState(() => draftOf(template))
  return (
    <div className="ob-editor">
      <TemplateEditor template={template} first={first} />
    </div>
  )
}

function TemplateActions({ template }: { template: WholeTemplate }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const [isDeleting, setIsDeleting] = useState(false)
  const stale = ['/api/v1/onboarding']
  const update = useCommand(updateOnboardingTemplate, { stale, onDone: () => toastDone(t('onboarding.saved')) })
  const remove = useCommand(deleteOnboardingTemplate, { stale })
  const { id, state } = template
  const go = { to: '/onboarding/templates/$id' as const }
  return (
    <>
      <Menu trigger={<IconButton icon="more" label={t('onboarding.actions')} />}>
        <MenuItem icon="copy" onSelect={() => void navigate({ ...go, params: { id: 'new' }, search: { from: id } })}>
          {t('onboarding.edit.copy')}
        </MenuItem>
        <MenuItem
          icon={state === 'enabled' ? 'inbox' : 'undo'}
          onSelect={() =>
            void update
              .run({ params: { id }, body: { state: state === 'enabled' ? 'archived' : 'enabled' } })
              .catch(() => {})
          }
        >
          {t(state === 'enabled' ? 'onboarding.archive' : 'onboarding.restore')}
        </MenuItem>
        {template.running + template.completed === 0 && (
          <MenuItem icon="trash" tone="danger" onSelect={() => setIsDeleting(true)}>
            {t('onboarding.edit.delete')}
          </MenuItem>
        )}
      </Menu>
      <Link {...go} params={{ id }} search={{ edit: true }} className="k-button" data-kind="primary" data-size="small">
        {t('onboarding.edit')}
      </Link>
      {isDeleting && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setIsDeleting(false)}
          title={t('onboarding.edit.deleteTitle', { name: nameOf(template, locale) })}
          text={t('onboarding.edit.deleteText')}
          confirm={t('onboarding.edit.remove')}
          onConfirm={async () => {
            await remove.run({ params: { id } })
            void navigate({ to: '/onboarding', search: { view: 'templates' } })
          }}
        />
      )}
    </>
  )
}
