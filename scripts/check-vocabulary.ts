import { finish, sourceFiles } from './checks/source-files.ts'
import { vocabularyFaults } from './checks/vocabulary.ts'

finish(vocabularyFaults(sourceFiles(['server', 'web', 'cli', 'tracker', 'tests', 'scripts', 'bench'], ['.ts', '.tsx'])))
