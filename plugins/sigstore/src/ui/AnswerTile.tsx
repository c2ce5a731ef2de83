import {
  Answer,
  StatusTone,
} from '@cloudythings/backstage-plugin-sigstore-common';
import CheckCircle from '@mui/icons-material/CheckCircleOutline';
import HelpOutline from '@mui/icons-material/HelpOutline';
import HighlightOff from '@mui/icons-material/HighlightOff';
import RemoveCircle from '@mui/icons-material/RemoveCircleOutline';
import { styled } from '@mui/material/styles';
import { VisuallyHidden } from './Layout';
import { ownProps } from './ownProps';
import { Tile } from './Panel';
import { Text } from './Text';
import { toneColor, toneTint } from './tones';

const ICONS: Record<Answer, typeof HelpOutline> = {
  yes: CheckCircle,
  no: HighlightOff,
  unknown: HelpOutline,
  'not-asked': RemoveCircle,
};

const Frame = styled(
  Tile,
  ownProps('tone', 'raised'),
)<{ tone: StatusTone; raised: boolean }>(({ theme, tone, raised }) => ({
  display: 'flex',
  gap: theme.spacing(1.5),
  '& > svg': { color: toneColor(theme, tone), flex: 'none' },
  ...(raised
    ? {
        borderColor: toneColor(theme, tone),
        backgroundColor: toneTint(theme, tone),
      }
    : {}),
}));

/**
 * One of the three answers above the detail.
 *
 * @param props - `word` says the answer, for those who do not see the icon;
 * `tone` is the colour of a "no"
 */
export function AnswerTile(props: {
  question: string;
  answer: Answer;
  word: string;
  because: string;
  tone: StatusTone;
}) {
  const { question, answer, word, because, tone } = props;
  const Icon = ICONS[answer];
  const tones: Record<Answer, StatusTone> = {
    yes: 'green',
    no: tone,
    unknown: 'grey',
    'not-asked': 'grey',
  };
  return (
    <Frame as="li" tone={tones[answer]} raised={answer === 'no'}>
      <Icon aria-hidden />
      <div>
        <Text as="div" strong>
          {question}
          <VisuallyHidden>: {word}</VisuallyHidden>
        </Text>
        <Text as="div" tone="quiet" size="small">
          {because}
        </Text>
      </div>
    </Frame>
  );
}
