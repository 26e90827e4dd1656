"""The operations of web/model_routes.py."""

from herald.web.model_routes import MODELS
from scripts.openapi.models import AudioModels, ModelList, SpokenModel
from scripts.openapi.operation import Answer, Operation

_MODEL = {"id": MODELS[0], "object": "model", "created": 0, "owned_by": "herald"}
_VOICES = [{"name": "alloy", "language": "en-US", "gender": "female"}]

MODEL_OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/models",
        id="listModels",
        tag="Herald",
        scope="public",
        summary="List the names of models, as in OpenAI's API",
        description="They have no effect: the voice determines the model.",
        answers=(Answer(description="All names", model=ModelList, example={"object": "list", "data": [_MODEL]}),),
        codes=("unavailable",),
    ),
    Operation(
        method="GET",
        path="/v1/models/{id}",
        id="getModel",
        tag="Herald",
        scope="public",
        summary="Get a model, with its voices as Speaches lists them",
        parameters=("ModelId",),
        answers=(
            Answer(
                description="The model",
                model=SpokenModel,
                example=_MODEL | {"task": "text-to-speech", "voices": _VOICES},
            ),
        ),
        codes=("not_found", "unavailable"),
    ),
    Operation(
        method="GET",
        path="/v1/audio/models",
        id="listAudioModels",
        tag="Herald",
        scope="public",
        summary="List the names of models, as Open WebUI reads them",
        answers=(
            Answer(
                description="All names", model=AudioModels, example={"models": [{"id": MODELS[0], "name": MODELS[0]}]}
            ),
        ),
        codes=("unavailable",),
    ),
)
