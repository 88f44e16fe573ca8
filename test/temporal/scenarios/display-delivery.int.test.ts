/** Plays the scenarios of WF-020. */
import { playScenarios } from '../play-scenarios'
import { displayScenarios } from './display-delivery'

describe('scenarios of display-delivery', () => playScenarios(displayScenarios))
