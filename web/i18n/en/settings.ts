export const settings = {
  'nav.label': 'Settings',
  'nav.account': 'Your account',
  'nav.company': 'Company',
  'nav.operation': 'Operation',
  'nav.profile': 'Profile',
  'nav.security': 'Security',
  'refused.title': 'You cannot open this page',
  'refused.text': 'Your role does not have the permission “{permission}”. Ask an administrator if you need it.',
  save: 'Save',
  saved: 'Saved',
  'nav.attributes': 'Fields and tags',
  'nav.tiers': 'Tiers',
}
