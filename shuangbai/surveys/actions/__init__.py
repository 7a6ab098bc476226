"""What is done to surveys, questionnaires and sheets."""
