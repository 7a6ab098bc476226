"""The forms of surveys, questionnaires and sheets."""
